"""Practice credits: rules, evaluation, report, and its verifier."""
