"""The process that opens attachments gets at nothing but its folder, whatever it is made to do."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pydantic
import pytest
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image

from sjs_forms import intake
from sjs_forms.base.processes.isolated_python import python_command
from sjs_forms.domain.intake_limits import IntakeLimits
from sjs_forms.intake.process import confinement, landlock, sandbox, seccomp, worker_process
from sjs_forms.intake.process.worker_pool import WorkerPool
from sjs_forms.intake.process.workplace import Workplace
from tests.intake.conftest import SHOWN, Take, assert_plain, made, saved, seen
from tests.intake.test_confinement import CANARY, listener, was_reached

_KERNEL = "sys.addaudithook = lambda _: None\n"
"""What leaves it to the kernel alone."""
_PYTHON = (
    "from sjs_forms.intake.process import sandbox\n"
    "sandbox.landlock.is_supported = sandbox.seccomp.is_supported = lambda: False\n"
)
"""What leaves it to Python alone."""
linux = pytest.mark.skipif(not landlock.is_supported(), reason="this kernel has no Landlock")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    """A workplace without a worker."""
    made = Workplace(tmp_path)
    yield made
    made.close()


def outcome(place: Workplace, program: str, before: str = "") -> str:
    """What a process shut in says of a program: `done`, or the name of what it met with."""
    code = (
        f"import sys, os\n{before}from sjs_forms.intake.process.sandbox import enter\nenter()\n"
        f"try:\n    {program}\n    print('done')\n"
        "except BaseException as problem:\n    print(type(problem).__name__)\n"
    )
    ended = subprocess.run(
        python_command(code), cwd=place.folder, capture_output=True, text=True, timeout=300
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


@pytest.fixture(
    params=[pytest.param(_KERNEL, id="kernel", marks=linux), pytest.param(_PYTHON, id="python")]
)
def fence(request: pytest.FixtureRequest) -> str:
    """Each of the two fences alone."""
    return str(request.param)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """Another applicant's, beside the workplace."""
    secret = tmp_path / "别家/执照.pdf"
    secret.parent.mkdir()
    secret.write_bytes(b"%PDF-1.7 x")
    return secret


def test_it_reads_what_it_is_given_and_writes_what_it_makes(place: Workplace, fence: str) -> None:
    (place.given / "a").write_text("x", encoding="utf-8")
    program = "open('made/b', 'w').write(open('given/a').read())"
    assert outcome(place, program, fence) == "done"
    assert (place.made / "b").read_text(encoding="utf-8") == "x"


@pytest.mark.parametrize(
    "program",
    [
        "open({secret!r})",
        "os.open({secret!r}, 0)",
        "os.listdir(os.path.dirname({secret!r}))",
        "os.listdir('..')",
        "open('given/../../别家/执照.pdf', 'rb')",
        "open({secret!r}, 'w')",
        "open({secret!r} + 'x', 'w')",
        "open('given/a', 'w')",
        "open('owner.json', 'w')",
        "os.remove({secret!r})",
        "os.rename({secret!r}, 'made/x')",
        "os.rename('made', {secret!r} + 'x')",
        "os.symlink({secret!r}, 'made/x')",
        "os.link({secret!r}, 'made/x')",
        "os.mkdir({secret!r} + 'x')",
        "open(os.path.expanduser('~/.profile'))",
        "open('/etc/passwd')",
    ],
)
def test_it_gets_at_nothing_outside(
    program: str, place: Workplace, secret: Path, fence: str
) -> None:
    before = secret.read_bytes()
    (place.given / "a").write_text("x", encoding="utf-8")
    found = outcome(place, program.format(secret=str(secret)), fence)
    assert found in ("PermissionError", "OSError"), found
    assert secret.read_bytes() == before and list(secret.parent.iterdir()) == [secret]
    assert list(place.made.iterdir()) == []


@pytest.mark.parametrize(
    "program",
    [
        "import socket; socket.create_connection(('127.0.0.1', {port}), timeout=1)",
        "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        "import socket; socket.socket(socket.AF_UNIX).connect({path!r})",
        "import socket; socket.socketpair()",
        "import subprocess; subprocess.run(['true'])",
        "os.execv('/bin/true', ['true'])",
        "os.posix_spawn('/bin/true', ['true'], {{}})",
    ],
)
def test_it_reaches_no_network_and_starts_no_program(
    program: str, place: Workplace, tmp_path: Path, fence: str
) -> None:
    if not hasattr(socket, "AF_UNIX") or ("true" in program and sys.platform == "win32"):
        pytest.skip("not on this system")
    with listener() as (address, server), socket.socket(socket.AF_UNIX) as local:
        local.bind(str(tmp_path / "s"))
        local.listen()
        local.settimeout(0.1)
        port = address.rsplit(":", 1)[1].partition("/")[0]
        assert (
            outcome(place, program.format(port=port, path=str(tmp_path / "s")), fence)
            == "PermissionError"
        )
        assert not was_reached(server) and not was_reached(local)


@pytest.mark.skipif(sys.platform == "win32", reason="needs named pipes")
@linux
@pytest.mark.parametrize(
    "program",
    [
        "os.mkfifo('made/x')",
        "open(f'/proc/{os.getppid()}/environ')",
        "open(f'/proc/{os.getppid()}/cmdline')",
        "os.kill(os.getppid(), 0)",
    ],
)
def test_the_kernel_keeps_other_processes_from_it(program: str, place: Workplace) -> None:
    if "kill" in program and landlock.version() < 6:
        pytest.skip("this kernel does not hold signals")
    assert outcome(place, program, _KERNEL) == "PermissionError"


@pytest.mark.skipif(not seccomp.is_supported(), reason="this kernel has no seccomp")
@pytest.mark.parametrize("name", seccomp.REFUSED)
def test_a_call_that_it_has_no_need_of_fails(name: str, place: Workplace) -> None:
    """By its number, as code would do it that an attachment smuggled in."""
    number = seccomp.refused_number(name)
    program = (
        "import ctypes; library = ctypes.CDLL(None, use_errno=True); "
        f"print(library.syscall({number}, -1, 0, 0, 0, 0, 0), ctypes.get_errno())"
    )
    assert outcome(place, program, _KERNEL) == "-1 1\ndone"


def test_a_library_from_outside_is_not_loaded(place: Workplace, tmp_path: Path) -> None:
    (tmp_path / "x.so").write_bytes(b"")
    program = f"import ctypes; ctypes.CDLL({str(tmp_path / 'x.so')!r})"
    assert outcome(place, program, _PYTHON) == "PermissionError"


def test_a_real_worker_sees_no_other_entry_of_the_cache(
    limits: IntakeLimits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an attachment found would be in its own clean PDF: here, in a refusal."""
    facts_cache = intake.UserCache(tmp_path / "cache")
    path = tmp_path / "a.pdf"
    path.write_bytes(saved(made(1)))
    other = intake.take_in(path, SHOWN, facts_cache, limits).clean
    probe = (
        "from sjs_forms.intake import worker, refusals as unusable\n"
        "import os\n"
        "def taken_in(request, *_):\n"
        "    tried = []\n"
        f"    for place in {[str(other), str(path), str(tmp_path)]!r}:\n"
        "        try:\n"
        "            os.listdir(place) if os.path.isdir(place) else open(place)\n"
        "            tried.append('seen')\n"
        "        except PermissionError:\n"
        "            tried.append('not')\n"
        "    tried.append(str(len(open(request['source'], 'rb').read())))\n"
        "    raise unusable.FileRefused('attachment-empty', ' '.join(tried), '')\n"
        "worker.opened_file = taken_in\n"
        "worker.run()"
    )
    monkeypatch.setattr(worker_process, "START", probe)
    path.write_bytes(saved(made(2)))
    with pytest.raises(intake.FileRefused) as refused:
        intake.take_in(path, SHOWN, facts_cache, limits)
    assert refused.value.message == f"not not not {path.stat().st_size}"


def test_a_link_that_a_worker_made_is_not_followed(
    take: Take, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pool: WorkerPool
) -> None:
    """Where no kernel holds it: another's clean PDF would be bound as this one's."""
    other = tmp_path / "别家.pdf"
    other.write_bytes(saved(made(3)))
    forged = (
        "import json, os, sys\n"
        "request = json.loads(sys.stdin.readline())\n"
        f"os.symlink({str(other)!r}, request['target'])\n"
        "print(json.dumps({'plain': {'pages': [], 'bookmarks': [], 'remarks': [], 'streams': {}}}))"
    )
    monkeypatch.setattr(worker_process, "START", forged)
    pool.dismiss()
    with pytest.raises(intake.FileRefused) as refused:
        take(saved(made(1)))
    assert refused.value.code == "attachment-unreadable"
    pool.dismiss()


@pytest.mark.skipif(
    confinement.means() != "bubblewrap", reason="bubblewrap does not work on this machine"
)
def test_where_there_is_no_landlock_bubblewrap_holds_it(
    take: Take, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pool: WorkerPool
) -> None:
    """And a worker that is killed within it has its second try all the same."""
    monkeypatch.setattr(landlock, "is_supported", lambda: False)
    pool.dismiss()
    facts = take(saved(made(2)))
    assert len(facts.pages) == 2
    (place,) = pool.idle
    assert place.worker is not None
    assert "bwrap" in Path(place.worker.process.args[0]).name  # type: ignore[index]
    pool.dismiss()
    start = (
        "import json, os, signal, sys\n"
        f"print(json.dumps({{'step': 'qpdf'}}), os.path.exists({str(facts.clean)!r}) * 'x', "
        "flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    monkeypatch.setattr(worker_process, "START", start)
    with pytest.raises(intake.FileRefused) as refused:
        take(saved(made(1)))
    assert refused.value.code == "machine-killed"
    pool.dismiss()


def test_packages_installed_as_links_are_seen_where_they_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """uv can install so; each package has a folder of its own then."""
    real = tmp_path / "cache/abc"
    (real / "pydantic").mkdir(parents=True)
    (real / "pydantic/__init__.py").write_text("", encoding="utf-8")
    (real / "pydantic-2.dist-info").mkdir()
    (real / "pydantic-2.dist-info/METADATA").write_text("", encoding="utf-8")
    place = tmp_path / "site-packages"
    for name in ("pydantic/__init__.py", "pydantic-2.dist-info/METADATA"):
        (place / name).parent.mkdir(parents=True)
        (place / name).symlink_to(real / name)
    monkeypatch.setattr(sys, "path", [str(place)])
    monkeypatch.setattr(pydantic.__spec__, "origin", str(place / "pydantic/__init__.py"))
    assert str(real.resolve()) in sandbox.readable_paths()


def test_a_checkout_is_not_seen_but_for_the_package_and_its_fonts() -> None:
    """Whoever works in a checkout keeps applications in it."""
    home = str(sandbox.package_folder().parent)
    assert home not in sandbox.readable_paths()


# What a file asks for by itself


def _with_stream(reference: Path, kind: str) -> bytes:
    """A PDF that would show a file that lies elsewhere (PDF 32000-1, 7.3.8.2 and 8.10.4)."""
    pdf = made()
    page = pdf.pages[0].obj
    outside = Dictionary(Type=Name.Filespec, F=str(reference), UF=str(reference))
    if kind == "image":
        thing = Stream(pdf, b"", Type=Name.XObject, Subtype=Name.Image, Width=400, Height=400)
        thing.ColorSpace, thing.BitsPerComponent = Name.DeviceRGB, 8
        thing["/F"], thing["/FFilter"] = outside, Name.DCTDecode
    else:
        thing = Stream(pdf, b"0 0 1 rg 0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form)
        thing.BBox = Array([0, 0, 10, 10])
        if kind == "reference":
            thing.Ref = Dictionary(F=outside, Page=0)
        else:
            thing["/F"] = outside
    page.Resources = Dictionary(XObject=Dictionary(X=pdf.make_indirect(thing)))
    page.Contents = Stream(pdf, b"50 700 60 40 re f q 300 0 0 300 100 100 cm /X Do Q")
    if kind == "contents":
        page.Contents["/F"] = outside
    if kind == "xfa":
        form = f'<template><image href="{reference.as_uri()}"/></template>'.encode()
        pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=Stream(pdf, form))
    return saved(pdf)


@pytest.mark.parametrize("kind", ["image", "form", "reference", "contents", "xfa"])
def test_a_pdf_shows_no_file_that_lies_elsewhere(kind: str, take: Take, tmp_path: Path) -> None:
    """And the clean PDF does not name it: a reader elsewhere might fetch it."""
    canary = tmp_path / "canary.jpg"
    Image.new("RGB", (400, 400), CANARY).save(canary)
    facts = take(_with_stream(canary, kind))
    assert_plain(facts)
    assert CANARY not in {colour for _, colour in seen(facts.clean).getcolors(1 << 20) or ()}
    with pikepdf.open(facts.clean) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, Stream):
                assert not {"/F", "/FFilter", "/FDecodeParms", "/Ref"} & set(thing.keys())
    assert b"canary" not in facts.clean.read_bytes()
