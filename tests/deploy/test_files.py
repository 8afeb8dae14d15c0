"""What stands in deploy/ fits the product: its metrics, its settings, its ports."""

from __future__ import annotations

import json
import re
from typing import Any

import kubernetes_validate
import pytest
import yaml

from core.api.hosts import Hosts
from core.api.prometheus import prometheus_text
from core.services.center import CommandCenter
from core.services.gauges import gauges
from core.services.performance import Performance, Totals
from core.settings import PROJECT_ROOT, Settings
from tests.services.centers import center, models_dir

__all__ = ["center", "models_dir"]

DEPLOY = PROJECT_ROOT / "deploy"


def read(path: str) -> Any:
    return yaml.safe_load((DEPLOY / path).read_text())


def expressions() -> list[str]:
    rules = [rule["expr"] for group in read("prometheus/alerts.yml")["groups"] for rule in group["rules"]]
    board = json.loads((DEPLOY / "grafana/jorge.json").read_text())
    return rules + [target["expr"] for panel in board["panels"] for target in panel["targets"]]


def _text(center: CommandCenter) -> str:
    totals: Totals = Performance(lambda _: None).totals()
    return prometheus_text(totals, gauges(center))[0].decode()


def exported(center: CommandCenter) -> set[str]:
    names = set(re.findall(r"^# TYPE (\S+)", _text(center), re.MULTILINE))
    return names | {f"{name}_{part}" for name in names for part in ("bucket", "count", "sum", "total")}


def test_alerts_and_board_read_only_what_is_exported(center: CommandCenter) -> None:
    named = {name for text in expressions() for name in re.findall(r"\bjorge_[a-z_]+", text)}
    assert len(named) > 6
    assert named <= exported(center)


def test_each_gauge_tells_how_things_stand(center: CommandCenter) -> None:
    center.store.ping()
    found = {gauge.name: dict(gauge.values) for gauge in gauges(center)}
    assert found["jorge_dependency_up"] == {"ml_model": 1.0, "database": 1.0, "redis": 0.0}
    assert found["jorge_feed_behind_events"] == {}, "this process runs no feed"
    assert found["jorge_model_findings"] == {"": 0.0}
    assert found["jorge_claude_budget_used_ratio"] == {"day": 0.0, "month": 0.0}
    center.set_setting("model_verdicts", {"version": center.model.version, "mix": "changed", "order": "steady"})
    assert {gauge.name: dict(gauge.values) for gauge in gauges(center)}["jorge_model_findings"] == {"": 1.0}


def test_compose_names_settings_that_there_are() -> None:
    text = (DEPLOY / "compose.yaml").read_text() + (DEPLOY / "env.example").read_text()
    known = {name.upper() for name in Settings.model_fields} | {"JORGE_IMAGE", "JORGE_BACKUPS"}
    assert set(re.findall(r"\bJORGE_[A-Z_]+", text)) <= known


def test_every_server_of_nginx_and_prometheus_is_a_service() -> None:
    services = set(read("compose.yaml")["services"])
    upstreams = re.findall(r"server ([a-z0-9-]+):8501", (DEPLOY / "nginx/upstreams.conf").read_text())
    (targets,) = read("prometheus/prometheus.yml")["scrape_configs"][0]["static_configs"]
    scraped = {target.removesuffix(":8501") for target in targets["targets"]}
    assert {*upstreams, *scraped} <= services
    assert len([name for name in upstreams if name.startswith("api-")]) == 3


def test_what_prometheus_asks_answers_to_that_name() -> None:
    compose = read("compose.yaml")
    (targets,) = read("prometheus/prometheus.yml")["scrape_configs"][0]["static_configs"]
    for target in targets["targets"]:
        allowed = compose["services"][target.removesuffix(":8501")]["environment"]["JORGE_ALLOWED_HOSTS"]
        yours, _, inside = allowed.partition(",")
        assert yours.startswith("${JORGE_ALLOWED_HOSTS"), "the names of env.example stay allowed"
        assert Hosts.of(inside).allow({"headers": [(b"host", target.encode())]})


def test_nginx_writes_no_address_into_a_log() -> None:
    """An error of the usual kind, such as a server that is down, names the request with all that was searched for."""
    told = (DEPLOY / "nginx/nginx.conf").read_text()
    assert re.findall(r"error_log .*;", told) == ["error_log /dev/stderr crit;"]
    (form,) = re.findall(r"log_format plain '(.*)';", told)
    assert not re.search(r"\$(request|request_uri|uri|args|http_referer)\b", form)


@pytest.mark.parametrize("service", ["dashboard", "api-1", "worker-1"])
def test_our_processes_may_little(service: str) -> None:
    told = read("compose.yaml")["services"][service]
    assert (told["read_only"], told["cap_drop"]) == (True, ["ALL"])
    assert "ports" not in told, "only nginx is reached from outside"


def test_no_log_grows_until_the_disk_is_full() -> None:
    for name, service in read("compose.yaml")["services"].items():
        assert {"max-size", "max-file"} <= set(service.get("logging", {}).get("options", {})), name


def test_the_image_runs_as_nobody_in_particular() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    assert "USER 10001:10001" in lines[lines.index("FROM python:${PYTHON}") :]
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", "\n".join(lines), re.MULTILINE)
    for name in " ".join(copied).split():
        assert (PROJECT_ROOT / name).exists(), name


def manifests() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((DEPLOY / "kubernetes/jorge.yaml").read_text()))


def test_kubernetes_takes_every_manifest() -> None:
    for manifest in manifests():
        kubernetes_validate.validate(manifest, "1.33", strict=True)


def test_a_manifest_that_kubernetes_would_refuse_is_found() -> None:
    broken = next(manifest for manifest in manifests() if manifest["kind"] == "Deployment")
    broken["spec"]["replica"] = broken["spec"].pop("replicas")
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, "1.33", strict=True)


def test_services_find_pods_and_pods_share_no_volume() -> None:
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for manifest in manifests():
        by_kind.setdefault(manifest["kind"], []).append(manifest)
    labels = [pod["spec"]["template"]["metadata"]["labels"] for pod in by_kind["Deployment"]]
    assert all(service["spec"]["selector"] in labels for service in by_kind["Service"])
    assert "PersistentVolumeClaim" not in by_kind
    for deployment in by_kind["Deployment"]:
        pod = deployment["spec"]["template"]["spec"]
        mounted = {mount["mountPath"] for container in pod["containers"] for mount in container["volumeMounts"]}
        assert mounted == {"/data", "/tmp"}
        assert all("emptyDir" in volume for volume in pod["volumes"])


def test_our_services_share_no_volume() -> None:
    compose = read("compose.yaml")
    told = [one for one in compose["services"].values() if "JORGE_DATABASE_URL" in one.get("environment", {})]
    assert len(told) == 7
    named = {volume.split(":")[0] for one in told for volume in one["volumes"]}
    assert named.isdisjoint(compose["volumes"])


def test_the_page_on_monitoring_names_every_alert_and_every_metric(center: CommandCenter) -> None:
    page = (PROJECT_ROOT / "docs/monitoring.md").read_text()
    rules = [rule for group in read("prometheus/alerts.yml")["groups"] for rule in group["rules"]]
    told = re.findall(r"^\| ([A-Z]\w+) \| (page|warn) \|", page, re.MULTILINE)
    assert told == [(rule["alert"], rule["labels"]["severity"]) for rule in rules]
    metrics = set(re.findall(r"^\| `(jorge_\w+)`", page, re.MULTILINE))
    assert metrics <= exported(center)
    assert {name.removesuffix("_total") for name in metrics} == {
        name.removesuffix("_total") for name in re.findall(r"^# TYPE (\S+)", _text(center), re.MULTILINE)
    }
