"""The suite: mirrors the four packages, plus contract, conformance, browser, fault and benchmark tests."""
