"""Works templates out with Ansible itself: reads a JSON list of cases from standard input and prints a JSON list of what came of each.

A case is {"kind": "expression" | "template" | "file" | "condition", "text": ..., "vars": {...}, "folder": ...}. The answer is
{"repr": ..., "type": ...}, {"undefined": message} or {"error": message}.
"""
import json
import sys

from ansible.parsing.dataloader import DataLoader
from ansible.playbook.conditional import Conditional
from ansible.template import Templar, AnsibleEnvironment
from jinja2.runtime import Undefined

captured = []


def capture(value):
    captured.append(value)
    return "captured"


def plain(value):
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(plain(item) for item in value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, str):
        return str(value)
    if hasattr(value, "__next__") or type(value).__name__ in ("dict_items", "dict_keys", "dict_values", "range"):
        return [plain(item) for item in value]
    return value


def describe(value):
    if isinstance(value, Undefined):
        return {"undefined": value._undefined_message}
    return {"repr": repr(plain(value)), "type": "str" if isinstance(value, str) else type(plain(value)).__name__}


def work_out(case):
    loader = DataLoader()
    folder = case.get("folder")
    if folder:
        loader.set_basedir(folder)
    variables = dict(case.get("vars") or {})
    if folder:
        variables["ansible_search_path"] = [folder]
    templar = Templar(loader=loader, variables=variables)
    if folder:
        templar.environment.loader.searchpath = [folder, folder + "/templates"]
    kind, text = case["kind"], case["text"]
    if kind == "expression":
        captured.clear()
        templar.environment.filters["labkit_capture"] = capture
        templar.template("{{ (%s) | labkit_capture }}" % text)
        return describe(captured[-1])
    if kind == "template":
        return describe(templar.template(text))
    if kind == "file":
        templar = templar.copy_with_new_env(environment_class=AnsibleEnvironment, **(case.get("settings") or {}))
        return describe(templar.do_template(text, preserve_trailing_newlines=True, escape_backslashes=False))
    conditional = Conditional(loader=loader)
    conditional.when = [text]
    return describe(bool(conditional.evaluate_conditional(templar, variables)))


def answer(case):
    try:
        return work_out(case)
    except Exception as error:  # the kinds of failures are Ansible's affair
        return {"error": str(error)[:400]}


print(json.dumps([answer(case) for case in json.load(sys.stdin)]))
