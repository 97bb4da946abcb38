"""compose.yaml keeps to the compose specification and carries no secret. Stops there: nothing is started."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

CHECKOUT = Path(__file__).resolve().parents[2]
SECRETS = {"LEXHELLER_SECRET_KEY", "POSTGRES_PASSWORD", "APPLICATION_PASSWORD", "REDIS_PASSWORD"}
SERVICES = {"postgres", "redis", "init", "web", "worker", "beat"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((CHECKOUT / "compose.yaml").read_text())
    return content


@pytest.fixture(scope="module")
def validator() -> jsonschema.protocols.Validator:
    schema = json.loads((CHECKOUT / "tests" / "data" / "compose-spec.json").read_text())
    return jsonschema.validators.validator_for(schema)(schema)


def test_keeps_to_the_schema(compose: dict[str, Any], validator: jsonschema.protocols.Validator) -> None:
    assert [error.message for error in validator.iter_errors(compose)] == []


def test_schema_notices_a_mistake(compose: dict[str, Any], validator: jsonschema.protocols.Validator) -> None:
    wrong = {**compose, "services": {"web": {**compose["services"]["web"], "healthchek": {}}}}
    assert not validator.is_valid(wrong)


def test_every_process_is_there(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == SERVICES


@pytest.mark.parametrize("service", sorted(SERVICES - {"init"}))
def test_what_stays_up_has_a_health_check(compose: dict[str, Any], service: str) -> None:
    assert compose["services"][service]["healthcheck"]["test"]
    assert compose["services"][service]["restart"] == "unless-stopped"


@pytest.mark.parametrize("service", ["web", "worker", "beat"])
def test_nothing_starts_before_the_migrations(compose: dict[str, Any], service: str) -> None:
    assert compose["services"][service]["depends_on"]["init"] == {"condition": "service_completed_successfully"}


def test_variables_have_no_default_and_name_themselves_when_missing(compose: dict[str, Any]) -> None:
    used = re.findall(r"(?<!\$)\$\{([^}]*)\}", json.dumps(compose))
    assert {re.split(r"\W", use)[0] for use in used} >= SECRETS
    assert [use for use in used if not re.fullmatch(r"([A-Z_]+)(:\?set \1|\?set \1, empty for nobody)", use)] == []


def test_production_sets_every_variable_of_the_application(compose: dict[str, Any]) -> None:
    environ = compose["services"]["web"]["environment"]
    assert environ["LEXHELLER_ENV"] == "production"
    assert compose["services"]["worker"]["environment"] == environ == compose["services"]["beat"]["environment"]


def test_p16_only_the_migrations_sign_in_as_the_owner_of_the_tables(compose: dict[str, Any]) -> None:
    addresses = {name: compose["services"][name]["environment"]["LEXHELLER_DATABASE_URL"] for name in ("init", "web")}
    assert {name: address.split("//")[1].split(":")[0] for name, address in addresses.items()} == {
        "init": compose["services"]["postgres"]["environment"]["POSTGRES_USER"],
        "web": "lexheller_app",
    }
    assert compose["services"]["init"]["command"] == ["lexheller", "init", "--grant-to", "lexheller_app"]
    assert "CREATE ROLE lexheller_app LOGIN NOSUPERUSER" in compose["configs"]["application_role"]["content"]
