"""Damaged and foreign files raise a ValueError that names them."""

import copy
import json

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save

from ganbats_sampler import GenerationWarning, RecombinationSampler, load_sampler
from ganbats_sampler.saving import file as saved_file
from tests.conftest import quick_sampler


@pytest.fixture(scope="module")
def series():
    rng = np.random.default_rng(0)
    return rng.normal(size=(20, 8)), np.repeat(["normal", "rare"], [13, 7])


@pytest.fixture(scope="module")
def path(series, tmp_path_factory):
    """Return a file of a sampler that has a network for one class."""
    sampler = quick_sampler("ganbats", hidden_size=1)
    with pytest.warns(GenerationWarning):
        sampler.fit_resample(*series)
    return sampler.save(tmp_path_factory.mktemp("saved") / "sampler.safetensors")


@pytest.fixture(scope="module")
def simple(series, tmp_path_factory):
    """Return a small file of a sampler without a network."""
    sampler = RecombinationSampler(random_state=0, transforms=None)
    sampler.fit_resample(*series)
    return sampler.save(tmp_path_factory.mktemp("saved") / "simple.safetensors")


def read(path):
    """Return the JSON content and the tensors of a file."""
    with safe_open(path, framework="np") as file:
        content = json.loads(file.metadata()["ganbats_sampler"])
        return content, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


def write(path, content, tensors):
    """Write a file whose digest is right, whatever its content."""
    content = {key: value for key, value in content.items() if key != "sha256"}
    content["sha256"] = saved_file._digest(content)
    path.write_bytes(save(tensors, metadata={"ganbats_sampler": json.dumps(content)}))
    return path


def load_or_refuse(path):
    """Load a file, or return None if that raises a ValueError that names the file."""
    try:
        return load_sampler(path)
    except ValueError as error:
        assert str(path) in str(error)


def test_the_helpers_write_what_they_read(path, tmp_path):
    again = write(tmp_path / "again.safetensors", *read(path))
    expected = load_sampler(path).generate(3, "rare")
    np.testing.assert_array_equal(load_sampler(again).generate(3, "rare"), expected)


def test_changed_bytes_and_truncated_files(simple, tmp_path):
    data, damaged = simple.read_bytes(), tmp_path / "damaged.safetensors"
    expected = load_sampler(simple).generate(2, "rare")
    rng = np.random.default_rng(0)
    n_refused = 0
    for place in rng.choice(len(data), 200, replace=False):
        flipped = bytearray(data)
        flipped[place] ^= rng.integers(1, 256)
        damaged.write_bytes(flipped)
        loaded = load_or_refuse(damaged)
        n_refused += loaded is None
        if loaded is not None:  # for instance, if a space in the header changed
            np.testing.assert_array_equal(loaded.generate(2, "rare"), expected)
    assert n_refused > 180
    for length in [*range(12), *rng.choice(len(data), 50, replace=False)]:
        damaged.write_bytes(data[:length])
        assert load_or_refuse(damaged) is None


def places(value, path=()):
    """Yield every place in a JSON value, as a tuple of keys."""
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


@pytest.mark.parametrize("wrong", [None, "text", -1, 1e300, [], {}, {"object": 0}, "removed"])
def test_wrong_values_in_the_json_text(path, tmp_path, wrong):
    content, tensors = read(path)
    all_places = list(places(content["objects"], ("objects",)))
    rng = np.random.default_rng(0)
    n_refused, n_tried = 0, 25
    for i in rng.choice(len(all_places), n_tried, replace=False):
        changed = copy.deepcopy(content)
        *parents, last = all_places[i]
        part = changed
        for key in parents:
            part = part[key]
        if wrong == "removed":
            del part[last]
        else:
            part[last] = wrong
        changed_path = write(tmp_path / "changed.safetensors", changed, tensors)
        n_refused += load_or_refuse(changed_path) is None
    assert n_refused > n_tried / 4  # the others changed labels, the history or seeds


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("system", "system"),
        ("os.system", "os.system"),
        ("builtins.eval", "builtins.eval"),
        ("imblearn.SMOTEN", "imblearn.SMOTEN"),
    ],
)
def test_only_registered_classes_are_created(simple, tmp_path, kind, message):
    content, tensors = read(simple)
    content["objects"][-1] = [kind, {}]
    with pytest.raises(ValueError, match=message):
        load_sampler(write(tmp_path / "a.safetensors", content, tensors))
    content["objects"][-1] = ["RecombinationSampler", {"method": {"name": kind}}]
    with pytest.raises(ValueError, match=message):
        load_sampler(write(tmp_path / "a.safetensors", content, tensors))


def test_missing_surplus_and_damaged_tensors(path, tmp_path):
    content, tensors = read(path)
    first = next(iter(tensors))
    fewer = {name: tensor for name, tensor in tensors.items() if name != first}
    with pytest.raises(ValueError, match=first):
        load_sampler(write(tmp_path / "a.safetensors", content, fewer))
    more = {**tensors, "more": np.zeros(3)}
    with pytest.raises(ValueError, match="nothing refers to tensor more"):
        load_sampler(write(tmp_path / "a.safetensors", content, more))
    other = {**tensors, first: tensors[first] + 1}
    with pytest.raises(ValueError, match=f"tensor {first} is damaged"):
        load_sampler(write(tmp_path / "a.safetensors", content, other))


def test_a_network_size_that_does_not_match_the_weights_takes_no_memory(path, tmp_path):
    content, tensors = read(path)
    (net,) = (state for kind, state in content["objects"] if kind == "AdversarialNet")
    items = net["parameters"]["dict"]
    places = {name: i for i, (name, _) in enumerate(items)}
    items[places["module__hidden_size"]][1] = 10**6  # 64 TB
    with pytest.raises(ValueError, match="lstm.* of shape"):
        load_sampler(write(tmp_path / "a.safetensors", content, tensors))


@pytest.mark.parametrize("version", [0, 2, "2", None, [1]])
def test_other_format_versions_are_refused(simple, tmp_path, version):
    content, tensors = read(simple)
    content |= {"format": version, "version": "9.9", "new": True}
    with pytest.raises(ValueError, match=r"has format .*, written by version '9.9' .* format 1\."):
        load_sampler(write(tmp_path / "a.safetensors", content, tensors))


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "{}", '{"format": 1}', "[" * 100_000])
def test_invalid_json_texts_are_refused(tmp_path, text):
    path = tmp_path / "a.safetensors"
    path.write_bytes(save({"a": np.zeros(1)}, metadata={"ganbats_sampler": text}))
    with pytest.raises(ValueError, match=r"a\.safetensors cannot be loaded: its JSON text"):
        load_sampler(path)


def test_files_without_a_sampler_are_refused(simple, tmp_path):
    path = tmp_path / "other.safetensors"
    path.write_bytes(save({"weight": np.zeros(3)}, metadata={"format": "pt"}))
    with pytest.raises(ValueError, match="a safetensors file, but not of a sampler"):
        load_sampler(path)
    path.write_text("a text")
    with pytest.raises(ValueError, match=r"not a safetensors file .*sampler\.save\(\) wrote"):
        load_sampler(path)
    content, tensors = read(simple)
    array = next(entry for entry in content["objects"] if entry[0] == "array")
    tensors = {array[1][0]: tensors[array[1][0]]}
    content["objects"] = [array, ["Jitter", {"sigma": 0.1}]]
    with pytest.raises(ValueError, match="does not hold a fitted sampler"):
        load_sampler(write(path, content, tensors))
    content["objects"] = []
    with pytest.raises(ValueError, match="cannot be loaded: its content is damaged"):
        load_sampler(write(path, content, tensors))
    with pytest.raises(FileNotFoundError, match=r"nothing\.safetensors"):
        load_sampler(tmp_path / "nothing.safetensors")
    with pytest.raises(OSError, match=tmp_path.name):
        load_sampler(tmp_path)


def test_a_header_too_large_to_load_is_not_written(series, tmp_path, monkeypatch):
    monkeypatch.setattr(saved_file, "MAX_HEADER", 1000)
    sampler = RecombinationSampler(random_state=0)
    sampler.fit_resample(*series)
    with pytest.raises(ValueError, match=r"too many labels .* y\.astype\(str\)"):
        sampler.save(tmp_path / "a.safetensors")
    assert list(tmp_path.iterdir()) == []
