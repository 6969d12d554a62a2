"""Settings: environment variables with the prefix GATEWAY_, or gateway.toml; each one documented here.

https://docs.pydantic.dev/latest/concepts/pydantic_settings/
"""

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class Settings(BaseSettings):
    """Everything that a deployment can set. A wrong value stops the start with a sentence."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_", toml_file="gateway.toml", extra="forbid")

    sources: Path = Field(description="sources.toml: the agencies to ask")
    sharing: Path = Field(description="sharing.toml: the sharing policies that agencies have signed")
    keys: Path = Field(description="The key folder; `gateway keys new FOLDER` makes one")
    paused: Path | None = Field(
        None, description="A JSON list of sources switched off, re-read when it changes"
    )
    database: Path = Field(Path("gateway.db"), description="The SQLite file of control data")
    systems: Path | None = Field(None, description="A folder of a deployment's own systems and mappings")
    canonical: str = Field(
        "https://wholechild.example/fhir",
        description="<base> of our CodeSystems, extensions and sources",
    )
    url: str = Field("http://127.0.0.1:8000", description="Where people and clients reach this gateway")
    issuer: str = Field("https://wholechild.example/oauth2", description="Whose access tokens are accepted")
    audience: str = Field("https://wholechild.example/fhir", description="The audience tokens must name")
    issuer_keys: Path = Field(description="A JWK Set file with the issuer's public keys")
    budget_seconds: float = Field(6.0, gt=0, le=60, description="How long a request may take in all")
    gate_seconds: float = Field(1.0, gt=0, le=10, description="How long the identity gate may take")
    first_paint_seconds: float = Field(1.2, gt=0, le=10, description="When a page shows what is there")
    source_concurrency: int = Field(16, ge=1, le=256, description="Questions under way at one source")
    breaker_failures: int = Field(5, ge=1, description="Failures in a row before a source is left alone")
    breaker_seconds: float = Field(10.0, gt=0, description="How long it is then left alone")
    cursor_minutes: float = Field(15.0, gt=0, description="How long a next link can be followed")
    demo_start: datetime | None = Field(None, description="Where the demo's clock starts; never set in use")
    demo_folder: Path | None = Field(None, description="The demo's folder, for its users; never set in use")
    contact: str = Field("01632 960120", description="The safeguarding team's number on refusals")
    team: str = Field("the safeguarding team", description="Whose number that is")
    region: str = Field("Northshire children’s record", description="The name on every page")

    @field_validator("canonical", "issuer", "audience", "url")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")) or value.endswith("/"):
            raise ValueError("is an http(s) address without a slash at its end")
        return value

    @field_validator("demo_start", "demo_folder")
    @classmethod
    def _here_only(cls, value: object, info: ValidationInfo) -> object:
        # anybody may sign in to the demo as anybody
        host = urlsplit(str(info.data.get("url", ""))).hostname
        if value is not None and host not in ("127.0.0.1", "localhost", "::1"):
            raise ValueError("is for the demo on this machine, never in use")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
