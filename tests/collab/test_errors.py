"""The tree of refusals."""

from collab.errors import Conflict, Refusal


def test_every_refusal_has_its_own_kebab_code_and_a_message() -> None:
    found = Refusal.__subclasses__()
    codes = [refusal.code for refusal in found]
    assert len(set(codes)) == len(codes) == 6
    assert all(code.replace("-", "").isalpha() and code.islower() for code in codes)
    assert all(refusal.__doc__ for refusal in found)


def test_refusal_may_carry_a_narrower_code_and_data() -> None:
    refusal = Conflict("handle-taken", handle="office")
    assert (refusal.code, refusal.data) == ("handle-taken", {"handle": "office"})
    assert Conflict.code == "conflict"
    assert "handle-taken" in str(refusal)
    assert "'office'" in str(refusal)
