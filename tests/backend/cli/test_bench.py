import json
import re

import pytest
import torch
from tests.sentences import says

from scumble_backend.cli import bench
from scumble_backend.cli.commands import main
from scumble_backend.compute import weights

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def encoder():
    torch.set_num_threads(2)
    return weights.load_encoder("lite").to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def test_the_ceiling_is_every_convolution_of_a_step_at_its_own_shape(encoder, monkeypatch):
    seen = []

    def record(made, x, gradient):
        seen.append((tuple(x.shape[1:]), tuple(made.shape[1:]), gradient.shape == made.shape))

    monkeypatch.setattr(torch.autograd, "grad", record)
    bench._convolutions(encoder, CPU, 50, 33)()
    first, last = seen[0], seen[-1]
    assert len(seen) == len(encoder.layers)
    assert first == ((3, 52, 35), (encoder.widths["relu1_1"], 50, 33), True)
    assert last[1] == (encoder.widths[encoder.layers[-1]], 4, 3)  # 50 / 16 and 33 / 16, rounded up


def test_a_step_and_its_ceiling_are_measured_in_turn(encoder, monkeypatch):
    monkeypatch.setattr(bench, "SECONDS", 0.0)
    found = bench._steps(encoder, CPU, 48, 64)
    assert found.step > 0
    assert 0 < found.share < 2  # a ceiling is not quite one where the machine is busy
    assert 0 < found.rate < found.peak
    assert found.operators > 10 * len(encoder.layers)
    assert found.memory >= 0


def test_operations_and_operators_are_counted_as_they_are():
    conv, x = torch.nn.Conv2d(3, 5, 3, bias=False), torch.rand(1, 3, 10, 8)
    with bench._Operators() as operators, torch.no_grad():
        (conv(x).flatten(1).view(5, 48)[:2] + 1).mul_(2)
    assert operators.count == 3, "a convolution, a sum and a product; views do no work"
    with bench.FlopCounterMode(display=False) as operations, torch.no_grad():
        conv(x)
    assert operations.get_total_flops() == 2 * 5 * 3 * 9 * 8 * 6


@pytest.mark.parametrize("text", ["", "3", "[1]", '[{"encoder": "lite"}]'])
def test_what_is_no_report_is_said_before_the_minutes(tmp_path, capsys, text):
    report = tmp_path / "former.json"
    report.write_text(text)
    assert main(["bench", "--compare", str(report)]) == 1
    sentence = says("… is no report of `scumble bench --json`: give another file.")
    assert re.search(sentence, capsys.readouterr().err)


def test_the_sample_is_brought_to_size():
    content, styles = bench._sample(300)
    assert max(content.extent[2:]) == 300
    assert len(styles) == 2


@pytest.mark.parametrize("sizes", ["12", "512,x", ""])
def test_wrong_sizes_are_wrong_usage(sizes, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["bench", "--sizes", sizes])
    assert caught.value.code == 2
    assert "argument --sizes: " in capsys.readouterr().err


@pytest.mark.slow
def test_the_command_prints_a_table_and_writes_the_same_figures(scumble_home, tmp_path, capsys):
    report = tmp_path / "bench.json"
    assert main(["bench", "--sizes", "256", "--json", str(report)]) == 0
    (found,) = json.loads(report.read_text())
    assert (found["encoder"], found["width"]) == ("lite", 256)
    assert 0 < found["first_preview"] < found["total"]
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.split()[:3] == ["lite", "256x171", f"{1000 * found['step']:.1f}"]
    former = [found | {"step": 2 * found["step"]}]
    assert bench._beside(bench.Figures(**found), {bench._case(f): f["step"] for f in former}) == (
        "  2.00 times as fast as before"
    )


def test_a_file_that_cannot_be_written_is_said_before_the_minutes(tmp_path, capsys):
    assert main(["bench", "--json", str(tmp_path / "none" / "x.json")]) == 1
    assert "does not exist" in capsys.readouterr().err
