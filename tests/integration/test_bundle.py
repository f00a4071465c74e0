"""make bundle on a tiny project: what is in the archive, that it is repeatable, and what is refused.

That a real bundle installs with the network cut is shown by tests/soak/test_offline_install.py.
"""

import base64
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

MINOR = f"{sys.version_info.major}.{sys.version_info.minor}"
NAME = f"siprev-bundle-0.0.1-py{MINOR}"
Files = dict[str, bytes]


def make_wheel(folder: Path) -> Path:
    """Write the smallest wheel there is."""
    info = "tiny_dependency-1.0.dist-info"
    contents = {
        "tiny_dependency.py": "",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: tiny-dependency\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = []
    path = folder / "tiny_dependency-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in contents.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            record.append(f"{name},sha256={digest},{len(text)}")
            wheel.writestr(name, text)
        wheel.writestr(f"{info}/RECORD", "\n".join([*record, f"{info}/RECORD,,", ""]))
    return path


@pytest.fixture
def tiny(tmp_path: Path, project: Path) -> Path:
    """A project whose lock holds one package, which lies in a folder."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    wheel = make_wheel(wheels)
    root = tmp_path / "tiny"
    (root / ".ci").mkdir(parents=True)
    for script in ("bundle", "setup"):
        shutil.copy(project / ".ci" / script, root / ".ci" / script)
    (root / "docs" / "adr").mkdir(parents=True)
    (root / "docs" / "adr" / "0001-bundle.md").write_text("# Bundle\n", encoding="utf-8")
    for name in ("README.md", "LICENSE"):
        (root / name).write_text(f"{name}\n", encoding="utf-8")
    (root / "pyproject.toml").write_text('[project]\nname = "tiny"\nversion = "0.0.1"\n', encoding="utf-8")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = f"tiny-dependency==1.0 \\\n    --hash=sha256:{digest}\n"
    (root / "requirements.lock").write_text(lock, encoding="utf-8")
    (root / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    return root


def bundle(root: Path) -> Path:
    """Make the bundle from the folder of wheels alone."""
    settings = {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(root.parent / "wheels"),
        "PIP_CONFIG_FILE": os.devnull,
    }
    run = subprocess.run(
        ["bash", str(root / ".ci" / "bundle")],
        cwd=root.parent,
        env={**os.environ, **settings},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return root / "dist" / f"{NAME}.tar.gz"


def set_up(root: Path, archive: Path) -> subprocess.CompletedProcess[str]:
    """Run .ci/setup --bundle, without a Python to install with: it must stop before it looks for one."""
    return subprocess.run(
        ["bash", str(root / ".ci" / "setup"), "--bundle", str(archive)],
        env={**os.environ, "PYTHON": "no-such-python"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def contents(archive: Path) -> Files:
    """Every file of the archive."""
    with tarfile.open(archive) as tar:
        members = {member.name: tar.extractfile(member) for member in tar if member.isfile()}
        return {name: file.read() for name, file in members.items() if file is not None}


def repack(archive: Path, files: Files) -> None:
    """Write the archive anew with other files."""
    with tarfile.open(archive, "w:gz") as tar:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))


def with_sums(files: Files) -> Files:
    """The files with checksums that fit them: somebody made this bundle so."""
    inner = {name.removeprefix(f"{NAME}/"): data for name, data in files.items()}
    inner.pop("SHA256SUMS", None)
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(inner.items()))
    return {**files, f"{NAME}/SHA256SUMS": sums.encode()}


def test_it_holds_the_wheels_the_documents_and_the_checksums(tiny: Path) -> None:
    archive = bundle(tiny)
    files = contents(archive)
    assert sorted(files) == [
        f"{NAME}/BUNDLE",
        f"{NAME}/SHA256SUMS",
        f"{NAME}/documents/LICENSE",
        f"{NAME}/documents/README.md",
        f"{NAME}/documents/docs/adr/0001-bundle.md",
        f"{NAME}/wheels/tiny_dependency-1.0-py3-none-any.whl",
    ]
    assert with_sums(files) == files
    assert f"python {MINOR}\n" in files[f"{NAME}/BUNDLE"].decode()
    side_file = archive.with_name(f"{archive.name}.sha256").read_text(encoding="utf-8")
    assert side_file == f"{hashlib.sha256(archive.read_bytes()).hexdigest()}  {archive.name}\n"
    assert sorted(path.name for path in archive.parent.iterdir()) == [archive.name, f"{archive.name}.sha256"]


def test_the_same_inputs_give_the_same_bytes(tiny: Path) -> None:
    first = bundle(tiny).read_bytes()
    for path in tiny.rglob("*.md"):
        os.utime(path, (10**9, 10**9))
        path.chmod(0o600)
    assert bundle(tiny).read_bytes() == first


def test_a_whole_bundle_passes_the_verification(tiny: Path) -> None:
    archive = bundle(tiny)
    (tiny / ".venv").unlink()
    run = set_up(tiny, archive)
    assert f"Python {MINOR} is needed for this bundle" in run.stderr
    assert run.returncode == 2


def damage_a_wheel(files: Files) -> Files:
    wheel = f"{NAME}/wheels/tiny_dependency-1.0-py3-none-any.whl"
    return {**files, wheel: files[wheel] + b"!"}


def drop_a_document(files: Files) -> Files:
    return {name: data for name, data in files.items() if not name.endswith("LICENSE")}


def add_a_wheel(files: Files) -> Files:
    return {**files, f"{NAME}/wheels/uninvited-1.0-py3-none-any.whl": b"x"}


def drop_the_checksums(files: Files) -> Files:
    return {name: data for name, data in files.items() if not name.endswith("SHA256SUMS")}


def another_lock(files: Files) -> Files:
    said = files[f"{NAME}/BUNDLE"].decode().splitlines()
    said = [f"lock_sha256 {'0' * 64}" if line.startswith("lock_sha256") else line for line in said]
    return with_sums({**files, f"{NAME}/BUNDLE": "\n".join([*said, ""]).encode()})


def another_machine(files: Files) -> Files:
    said = files[f"{NAME}/BUNDLE"].decode().splitlines()
    said = ["machine Linux riscv128" if line.startswith("machine") else line for line in said]
    return with_sums({**files, f"{NAME}/BUNDLE": "\n".join([*said, ""]).encode()})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (damage_a_wheel, "the bundle is damaged"),
        (drop_a_document, "the bundle is damaged"),
        (add_a_wheel, "does not list: wheels/uninvited"),
        (drop_the_checksums, "this is no bundle of this project"),
        (another_lock, "made from another requirements.lock"),
        (another_machine, "the bundle is for Linux riscv128"),
    ],
)
def test_a_bundle_that_is_not_right_is_refused(
    tiny: Path, change: Callable[[Files], Files], message: str
) -> None:
    archive = bundle(tiny)
    (tiny / ".venv").unlink()
    repack(archive, change(contents(archive)))
    run = set_up(tiny, archive)
    assert run.returncode == 2
    assert message in run.stderr
    assert not (tiny / ".venv").exists()


def test_a_file_that_is_no_archive_is_refused(tiny: Path) -> None:
    archive = tiny / "page.tar.gz"
    archive.write_text("<html>not found</html>", encoding="utf-8")
    run = set_up(tiny, archive)
    assert run.returncode == 2
    assert "the bundle cannot be unpacked" in run.stderr


def test_a_package_that_has_no_wheel_with_the_hash_of_the_lock_stops_the_bundle(tiny: Path) -> None:
    lock = tiny / "requirements.lock"
    lock.write_text(f"tiny-dependency==1.0 \\\n    --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="HASHES"):
        bundle(tiny)
    assert list((tiny / "dist").iterdir()) == []
