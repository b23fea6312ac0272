"""The commands, their options and their errors."""

import subprocess
import sys
from pathlib import Path

import pytest

from ganbats_sampler import datasets
from ganbats_sampler.benchmark.runner import WorkerKilledError
from ganbats_sampler.cli import main
from tests.conftest import needs_aeon


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "ganbats_sampler", *arguments], capture_output=True, text=True
    )


def test_help_names_the_commands(capsys):
    assert "demo" in run("--help").stdout
    with pytest.raises(SystemExit):
        main(["demo", "--help"])
    assert "--dataset" in capsys.readouterr().out


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
@pytest.mark.parametrize(
    "options", [[], pytest.param(["--preset", "nasa-battery"], marks=pytest.mark.slow)]
)
@needs_aeon
def test_the_demo_prints_and_draws_its_results(tmp_path, capsys, options):
    picture = tmp_path / "picture.png"
    arguments = ["demo", "--updates", "2", "--n-minority", "12", "--out", str(picture), *options]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    for word in ("HerdedSampler, first", "class weights", "SMOTE", "GANBATSSampler", "12 -> 27"):
        assert word in said
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
@needs_aeon
def test_the_demo_runs_on_several_channels(tmp_path, capsys):
    picture = tmp_path / "picture.png"
    arguments = ["demo", "--dataset", "BasicMotions", "--minority", "walking", "--updates", "2"]
    assert main([*arguments, "--n-minority", "8", "--out", str(picture)]) == 0
    assert "6 channel(s)" in capsys.readouterr().out
    assert picture.exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--minority", "winter"], "the classes are ['1', '2']"),
        (["--n-minority", "1000"], "choose from 2 to 27"),
        (["--preset", "ecg"], "choose from ['ecg-mit'"),
        (["--device", "gpu"], "cannot be used here"),
    ],
)
@needs_aeon
def test_wrong_options_of_the_demo_print_one_line(capsys, options, message):
    with pytest.raises(SystemExit) as exit_:
        main(["demo", *options])
    assert exit_.value.code == 1
    error = capsys.readouterr().err
    assert message in error and "Traceback" not in error


@needs_aeon
def test_the_benchmark_prints_a_verdict_and_resumes(tmp_path, capsys):
    arguments = [
        "benchmark",
        "--tasks",
        "GunPoint, 2",
        "--methods",
        "smote",
        "--classifiers",
        "knn",
    ]
    arguments += ["--seeds", "0", "--amount", "double", "--out", str(tmp_path)]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    assert "knn: gain over no resampling. Not tested: 1 task, and 6 are needed." in said
    runs = (tmp_path / "runs.csv").read_text()
    assert len(runs.splitlines()) == 1 + 5
    assert "<table" in (tmp_path / "verdict-honest-double.html").read_text()
    assert "gain over smote" not in said
    assert main([*arguments, "--seeds", "0", "1", "--against", "smote"]) == 0
    assert "knn: gain over smote." in capsys.readouterr().out
    assert (tmp_path / "runs.csv").read_text().startswith(runs)


def test_the_benchmark_names_wrong_options(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["benchmark", "--tasks", "GunPoint", "--out", str(tmp_path)])
    assert "no task ['GunPoint']" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["benchmark", "--preset", "paper", "--methods", "smote", "--out", str(tmp_path)])
    assert "leave out --methods" in capsys.readouterr().err


def refuse_to_read(*_, **__):
    pytest.fail("a data set was read")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--methods", "nosuch"], "no method 'nosuch'"),
        (["--methods", "smote", "smote+weights"], "no method 'smote+weights'"),
        (["--methods", "smote", "smote"], "called ['smote']"),
        (["--classifiers", "nosuch"], "no classifier 'nosuch'"),
        (["--tasks", "GunPoint, 2", "nosuch"], "no task ['nosuch']"),
        (["--against", "adasyn", "--methods", "smote"], "--against has ['adasyn']"),
        (["--seeds", "-1"], "0 or more"),
        (["--jobs", "0"], "n_jobs"),
        (["--nasa", "nowhere"], "nowhere, given for nasa, is no folder"),
        (["--out", "file"], "file/verdict-honest-balance.html cannot be written"),
        (["--out", "."], "runs.csv does not hold results"),
        (["--preset", "paper", "--out", "file"], "file/table_2.csv cannot be written"),
    ],
)
def test_the_benchmark_checks_its_options_before_it_reads_data(
    tmp_path, monkeypatch, capsys, options, message
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    (tmp_path / "runs.csv").write_text("a,b\n")
    for name in dir(datasets):
        if name.startswith(("load_", "fetch_")):
            monkeypatch.setattr(datasets, name, refuse_to_read)
    monkeypatch.setattr(subprocess, "run", refuse_to_read)
    with pytest.raises(SystemExit) as exit_:
        main(["benchmark", "--out", "results", *options])
    assert exit_.value.code == 1 and message in capsys.readouterr().err
    if "--out" not in options:
        assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("option", ["--protocol", "--amount", "--preset"])
def test_an_invalid_choice_prints_an_error(capsys, option):
    with pytest.raises(SystemExit):
        main(["benchmark", option, "nosuch"])
    assert "invalid choice: 'nosuch'" in capsys.readouterr().err


@pytest.mark.parametrize("seeds", [[], ["--seeds", "0", "3"]])
def test_the_scripts_of_the_paper_receive_folders_and_seeds(tmp_path, monkeypatch, seeds):
    called = []

    def call(command):
        called.append([str(part) for part in command[1:]])
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", call)
    folder, out = str(tmp_path), str(tmp_path / "out")
    options = ["--mitbih", folder, "--xjtu", folder, "--out", out]
    assert main(["benchmark", "--preset", "paper", *options, *seeds]) == 0
    scripts = [Path(arguments[0]).name for arguments in called]
    assert scripts == ["table_2.py", "figures_8_and_9.py", "tables_3_and_4.py"]
    for _, *arguments in called:
        assert ("--seeds" in arguments) == bool(seeds)
        assert "--xjtu" in arguments and "--cwru" not in arguments


@pytest.mark.parametrize(
    ("out", "message"),
    [("picture.xyz", "suffix '.xyz' is not supported"), ("file/picture.png", "cannot be written")],
)
def test_an_unwritable_picture_raises_an_error_before_the_training(
    tmp_path, monkeypatch, capsys, out, message
):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("ganbats_sampler.cli.demo._load", refuse_to_read)
    with pytest.raises(SystemExit):
        main(["demo", "--out", str(tmp_path / out)])
    assert message in capsys.readouterr().err


@needs_aeon
def test_a_killed_worker_prints_one_line(tmp_path, monkeypatch, capsys):
    def killed(*_, **__):
        raise WorkerKilledError("A worker was killed.")

    monkeypatch.setattr("ganbats_sampler.benchmark.compare_samplers", killed)
    with pytest.raises(SystemExit):
        main(["benchmark", "--tasks", "GunPoint, 2", "--methods", "smote", "--out", str(tmp_path)])
    assert capsys.readouterr().err == "ganbats_sampler: A worker was killed.\n"
