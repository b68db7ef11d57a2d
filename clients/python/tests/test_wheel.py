"""The wheel: built, put into an environment where nothing is, and used."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PROGRAM = """
import agenticcalling, importlib.metadata, pathlib
package = pathlib.Path(agenticcalling.__file__).parent
assert "site-packages" in str(package), package
assert (package / "py.typed").is_file()
assert importlib.metadata.version("agenticcalling") == agenticcalling.__version__
from agenticcalling import AgenticCalling, AsyncAgenticCalling
print(AgenticCalling("ac_test_x").calls.create.__name__)
"""


def built(project: Path, folder: Path) -> Path:
    """The wheel of a project, made by the tools of the test's own environment: nothing is fetched."""
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*build, str(project)], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(PROJECT, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_the_library_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    own = {name.partition("/")[0] for name in names}
    assert own == {"agenticcalling", f"{wheel.name.split('-py3')[0]}.dist-info"}
    sources = PROJECT / "src"
    wanted = {str(path.relative_to(sources)) for path in sources.rglob("*.py")}
    assert wanted <= set(names)
    assert "agenticcalling/py.typed" in names


def test_it_installs_into_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=False)
    binaries = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    install = [sys.executable, "-m", "pip", "--python", str(binaries / "python"), "install"]
    subprocess.run(
        [*install, "--quiet", "--no-compile", str(wheel)], check=True, capture_output=True
    )
    environment = {"PATH": os.environ["PATH"]}

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
        )

    ran = run(str(binaries / "python"), "-I", "-W", "error", "-c", PROGRAM)
    assert (ran.stdout, ran.stderr) == ("create\n", "")
    for command in (
        [str(binaries / "agenticcalling-mcp")],
        [str(binaries / "python"), "-m", "agenticcalling.mcp"],
    ):
        helped = run(*command, "--help")
        assert helped.returncode == 0, helped.stderr
        assert "AC_API_KEY" in helped.stdout
        assert "--tools" in helped.stdout
        refused = run(*command)
        assert refused.returncode == 2
        assert "AC_API_KEY is not set" in refused.stderr


def test_the_launchers_package_starts_the_same_program(wheel: Path, tmp_path: Path) -> None:
    launcher = built(PROJECT / "launcher", tmp_path)
    programs = {}
    for package in (wheel, launcher):
        with zipfile.ZipFile(package) as archive:
            (entries,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
            programs[package] = archive.read(entries)
    assert programs[launcher] == programs[wheel]
    assert launcher.name.split("-")[:2] == ["agenticcalling_mcp", wheel.name.split("-")[1]]
    with zipfile.ZipFile(launcher) as archive:
        (about,) = [name for name in archive.namelist() if name.endswith("METADATA")]
        version = wheel.name.split("-")[1]
        assert f"Requires-Dist: agenticcalling=={version}\n" in archive.read(about).decode()
