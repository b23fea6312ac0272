"""The command line, as it is called."""

import subprocess
import sys

import pytest

from ganbats_sampler.cli import main


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "ganbats_sampler", *arguments], capture_output=True, text=True
    )


def test_help_names_the_commands():
    assert "demo" in run("--help").stdout
    assert "--dataset" in run("demo", "--help").stdout


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
@pytest.mark.parametrize("options", [[], ["--preset", "nasa-battery"]])
def test_the_demo_says_what_came_of_it_and_draws_it(tmp_path, capsys, options):
    picture = tmp_path / "picture.png"
    arguments = ["demo", "--updates", "2", "--n-minority", "12", "--out", str(picture), *options]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    for word in ("PRD, nearest", "DTW, nearest", "class weights", "SMOTE", "GANBATS", "12 -> 27"):
        assert word in said
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.filterwarnings("ignore::ganbats_sampler.GenerationWarning")
def test_another_data_set_of_several_channels(tmp_path, capsys):
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
def test_what_cannot_work_is_said_in_one_line(capsys, options, message):
    with pytest.raises(SystemExit) as exit_:
        main(["demo", *options])
    assert exit_.value.code == 1
    error = capsys.readouterr().err
    assert message in error and "Traceback" not in error


def test_the_benchmark_runs_judges_and_goes_on(tmp_path, capsys):
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
    assert "BALANCED ACCURACY" in said and "too few tasks" in said
    runs = (tmp_path / "runs.csv").read_text()
    assert len(runs.splitlines()) == 1 + 5
    assert "<table" in (tmp_path / "verdict-honest-double.html").read_text()
    assert "against smote" not in said
    assert main([*arguments, "--seeds", "0", "1", "--against", "smote"]) == 0
    assert "smote" in capsys.readouterr().out.replace(said, "")
    assert (tmp_path / "runs.csv").read_text().startswith(runs)


def test_the_benchmark_says_what_it_does_not_know(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["benchmark", "--tasks", "GunPoint", "--out", str(tmp_path)])
    assert "no task ['GunPoint']" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["benchmark", "--preset", "paper", "--methods", "smote", "--out", str(tmp_path)])
    assert "leave out --methods" in capsys.readouterr().err
