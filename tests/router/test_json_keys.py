"""One key said twice in a JSON text is found wherever it stands, and nothing else is taken for it."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from router.json_keys import has_duplicate_keys

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


def said_twice(text: str) -> bool:
    raw = text.encode()
    return has_duplicate_keys(raw, orjson.loads(raw))


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}',
        '{"a":1,"b":{"c":1,"c":2}}',
        '[{"a":[{"b":1,"b":1}]}]',
        '{"a":1,"\\u0061":2}',
        '{"concern": {"facts": "x"}, "concern": {"absent": "none"}}',
        '{"":1,"":2}',
        '{"a":{},"a":{}}',
    ],
)
def test_a_key_said_twice_is_found_however_deep_and_however_it_is_written(text: str) -> None:
    assert said_twice(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"b":1}',
        '{"a":{"a":{"a":1}}}',
        '[{"a":1},{"a":1}]',
        ' { "a" : 1.0 , "A" : 1 } ',
        '{"a":"a","b":"{\\"a\\":1,\\"a\\":1}"}',
        "[]",
        "1",
    ],
)
def test_the_same_key_in_another_object_is_another_key(text: str) -> None:
    assert not said_twice(text)


@given(PLAIN, st.sampled_from([None, 2]), st.booleans())
def test_no_text_with_each_key_once_is_accused(value: Any, indent: int | None, ascii_only: bool) -> None:
    assert not said_twice(json.dumps(value, indent=indent, ensure_ascii=ascii_only))


@given(st.dictionaries(st.text(max_size=5), PLAIN, min_size=1, max_size=4), PLAIN, st.data())
def test_any_key_repeated_anywhere_is_found(value: dict[str, Any], around: Any, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(sorted(value)))
    inside = json.dumps(value)[:-1] + f", {json.dumps(key)}: 1}}"
    assert said_twice(f'{{"outside": [{json.dumps(around)}, {inside}]}}')
