"""A server whose kernels are not compiled says so and compiles beside itself; nobody waits for a compiler."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from core.api.build import build_api
from core.errors import ModelUnavailable
from core.scoring.kernel import image, native
from core.scoring.warm import warm
from core.services.center import CommandCenter
from core.services.running.kernels import Kernels
from core.services.running.slot import Slot
from tests.api.served import unlimited
from tests.realtime.waiting import until
from tests.services.centers import settings_in

pytestmark = pytest.mark.skipif(not image.SUPPORTED, reason="images are for Linux on x86-64")
COPY = """
import os, shutil, sys
shutil.copyfile(sys.argv[1], sys.argv[2] + ".part")
os.replace(sys.argv[2] + ".part", sys.argv[2])
"""


@pytest.fixture
def missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Where the image lies, and where it is looked for in vain."""
    warm()  # where the sources were changed since make setup
    real, wanted = image.image_path(), tmp_path / "images" / "kernels.image"
    wanted.parent.mkdir()
    monkeypatch.setattr(image, "image_path", lambda: wanted)
    monkeypatch.setattr(native, "_loaded", {})
    return real, wanted


def is_ready(kernels: Kernels) -> bool:
    try:
        kernels.check()
    except ModelUnavailable:
        return False
    return True


def test_they_are_made_beside_the_server_and_then_served(missing: tuple[Path, Path]) -> None:
    real, wanted = missing
    kernels = Kernels((sys.executable, "-c", COPY, str(real), str(wanted)))
    with pytest.raises(ModelUnavailable, match="being compiled for this processor"):
        kernels.check()
    until(lambda: is_ready(kernels), 20)
    assert native.ready()
    kernels.close()


def test_what_cannot_keep_them_makes_them_here_and_nobody_waits(
    missing: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end, begun = threading.Event(), threading.Event()

    def slowly() -> None:
        begun.set()
        may_end.wait(20)
        native._loaded["predict_one"] = lambda *_: None

    monkeypatch.setattr(native, "compile_here", slowly)
    monkeypatch.setattr(os, "access", lambda *_: False)
    kernels = Kernels(("false",))
    assert not is_ready(kernels)
    assert begun.wait(10)
    assert not is_ready(kernels)
    may_end.set()
    until(lambda: is_ready(kernels), 10)
    kernels.close()


def test_a_maker_that_keeps_nothing_is_followed_by_one_here(
    missing: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()
    monkeypatch.setattr(native, "compile_here", begun.set)
    kernels = Kernels((sys.executable, "-c", ""))
    until(lambda: not is_ready(kernels) and begun.is_set(), 20)
    kernels.close()


def test_a_server_that_is_stopped_takes_the_maker_with_it(missing: tuple[Path, Path]) -> None:
    kernels = Kernels((sys.executable, "-c", "import time; time.sleep(60)"))
    assert not is_ready(kernels)
    process = kernels._process
    assert process is not None
    kernels.close()
    assert process.poll() is not None


def test_the_api_answers_503_until_they_are_made(
    missing: tuple[Path, Path], tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, wanted = missing
    go = tmp_path / "go"
    wait = f"import os, time\nwhile not os.path.exists({str(go)!r}): time.sleep(0.05)\n{COPY}"
    with CommandCenter(settings_in(tmp_path / "data"), models_dir) as center:
        monkeypatch.setattr(
            center._adapters, "kernels", Slot(lambda: Kernels((sys.executable, "-c", wait, str(real), str(wanted))))
        )
        center._adapters.model._retry_s = 0.05
        headers = {"authorization": f"Bearer {unlimited(center)}"}
        with TestClient(build_api(lambda: center), headers=headers) as client:
            refused = client.post("/v1/ml/score", json={"lead_id": "a"})
            assert refused.status_code == 503
            assert refused.headers["retry-after"] == "5"
            assert "being compiled" in refused.json()["error"]["message"]
            assert client.get("/v1/ml/health").json()["checks"]["ml_model"]["status"] == "unhealthy"
            go.touch()
            until(lambda: client.post("/v1/ml/score", json={"lead_id": "a"}).status_code == 200, 20)
