"""Makes the plans that a server keeps for all of its kernels: it runs in an interpreter that no user has."""

from __future__ import annotations

import json

from ..current import running_kernel


def print_plan(question: str) -> None:
    """Prints the plan for a question of `kept_plans`, both in JSON; `null` if there is none to keep."""
    questions = running_kernel().packages.questions
    print(json.dumps(questions.plan_for_others(json.loads(question))))
