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
    for word in ("PRD, nearest", "DTW, random", "class weights", "SMOTE", "GANBATS", "12 -> 27"):
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
