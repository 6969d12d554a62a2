"""FHIR over HTTP: requests, search parameters, paging, bundles, outcomes, capability."""
