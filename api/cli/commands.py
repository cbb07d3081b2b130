"""The table of commands: the words of each, where it is, and its line of help.

Nothing here imports a command, so that `--help` costs nothing and a command loads only what it
needs itself. `help` repeats the first line of the function's docstring; a test compares them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Command:
    """A command: `words` call it, `target` is its `module:function` under `api.cli`."""

    words: str
    target: str
    help: str
    open: bool = False
    """Whether it takes options that it names nowhere: those of the fields of a kind."""


GROUPS: Final[Mapping[str, str]] = {
    "certificate": "Certificates of recorded hours.",
    "charter": "The root document of this ledger: authorities, log key, anchors.",
    "credits": "Practice credits of a university.",
    "keys": "The keys of this ledger's keystore.",
    "record": "Records that several authorities sign one after another.",
    "trust": "The ledgers that you trust.",
    "vault": "What people said of themselves, off the log.",
    "witness": "A witness that cosigns other people's logs.",
}
"""First words that many commands share, and their line of help."""

COMMANDS: Final[tuple[Command, ...]] = (
    Command(
        "demo",
        "run:demo",
        "Play the whole job on a month of a small town: import, seal, anchor, prove, tamper.",
    ),
    Command("init", "ledger:init", "Found a ledger: keys, genesis record, calendars, settings."),
    Command(
        "import",
        "ledger:import_rows",
        "Take an attendance export into the ledger. Can be run again without doubling anything.",
    ),
    Command(
        "submit",
        "submit:submit",
        "Sign a record of any kind, or a sheet of them, and hand it in, here or elsewhere.",
        open=True,
    ),
    Command("show", "show:show", "Show what a record says, in words."),
    Command(
        "permit",
        "hours:permit",
        "Let an organisation back-fill hours, as the authority of the ledger.",
    ),
    Command(
        "drafts",
        "hours:list_drafts",
        "Show the credit hours of an activity that wait for the organisation's signature.",
    ),
    Command(
        "sign",
        "hours:sign_hours",
        "Sign all credit hours that the clock gave for an activity, with one signature.",
    ),
    Command(
        "void",
        "hours:void_hours",
        "Void all hours that a key signed since a day, with one signature: for a stolen key.",
    ),
    Command(
        "simulate",
        "simulate:simulate_town",
        "Let a made-up town live in a new ledger: clocked days, corrections, a try of each fraud.",
    ),
    Command("serve", "run:serve", "Serve the HTTP API; seal and anchor in the background."),
    Command("seal", "ledger:seal", "Close what waits as a batch with a signed checkpoint."),
    Command("anchor", "ledger:anchor", "Put the roots of all sealed batches on the chain."),
    Command("verify", "verify:verify", "Check a proof file, or the PDF that holds one."),
    Command(
        "trust add",
        "trust:add",
        "Trust a ledger: by its id, from another source than its files, or by its site's host.",
    ),
    Command(
        "trust list",
        "trust:list_pins",
        "List the ledgers that are trusted, by whom they were named, and the newest head seen.",
    ),
    Command(
        "trust remove",
        "trust:remove",
        "Trust a ledger no longer, and forget what was seen of it.",
    ),
    Command(
        "transcript",
        "transcript:write_transcript",
        "Write all entries of an account in a period, with the proof that none is missing.",
    ),
    Command(
        "disclose",
        "disclose:write_disclosure",
        "Write an account's hours by month, class and category, proved without showing a record.",
    ),
    Command(
        "audit",
        "audit:audit",
        "Replay a whole ledger from its stored entries alone; exit 1 at the first break.",
    ),
    Command("inspect", "inspect:inspect", "Show the ledger, or one thing of it."),
    Command(
        "forget",
        "privacy:forget",
        "Destroy a person's data, salts and key for ever. Records, totals and proofs stay.",
    ),
    Command(
        "export",
        "archive:export",
        "Write all that is sealed as plain files; a second time, what is new.",
    ),
    Command(
        "restore",
        "archive:restore",
        "Rebuild a ledger from its export, every entry judged again; it has no keys.",
    ),
    Command(
        "mirror",
        "archive:mirror",
        "Follow another ledger and raise the alarm when it contradicts itself or the chain.",
    ),
    Command(
        "witness init",
        "witness:init",
        "Make a witness: its name, its key, and the list of logs that it will cosign.",
    ),
    Command(
        "witness serve",
        "witness:serve_witness",
        "Cosign the checkpoints of the listed logs, as long as they only grow (C2SP tlog-witness).",
    ),
    Command(
        "certificate delegate",
        "certificates:delegate",
        "Delegate an organisation's certificates to a key of this ledger's server.",
    ),
    Command(
        "certificate issue",
        "certificates:issue",
        "Issue a certificate of an organisation; write the credential with its proof.",
    ),
    Command(
        "certificate file",
        "certificates:write_file",
        "Write the credential again, with the newest proof, or for programs that know no ledger.",
    ),
    Command(
        "certificate code",
        "certificates:code",
        "Show the code that opens a certificate's file on the server.",
    ),
    Command(
        "certificate revoke",
        "certificates:revoke",
        "Take a certificate back, as its organisation. Its hours stay as they are.",
    ),
    Command(
        "certificate verify", "verify:verify", "Check a proof file, or the PDF that holds one."
    ),
    Command(
        "charter show",
        "charters:show",
        "Show the charter in force: keys, authorities, anchors, and how many must sign.",
    ),
    Command(
        "charter propose",
        "charters:propose",
        "Draft the next charter: the one in force, but for what you say.",
    ),
    Command(
        "charter sign",
        "charters:sign_draft",
        "Sign a draft as an authority: by the keystore, a key file, or a wallet's signature.",
    ),
    Command(
        "charter submit",
        "charters:submit",
        "Hand in a draft that all who must have signed.",
    ),
    Command(
        "record draft",
        "charters:draft_record",
        "Draft a record that several authorities sign one after another.",
    ),
    Command(
        "record sign",
        "charters:sign_draft",
        "Sign a draft as an authority: by the keystore, a key file, or a wallet's signature.",
    ),
    Command(
        "record submit",
        "charters:submit",
        "Hand in a draft that all who must have signed.",
    ),
    Command(
        "credits delegate",
        "credits:delegate",
        "Delegate a university's decisions on credits to a key of this ledger's server.",
    ),
    Command(
        "credits consent",
        "credits:give_consent",
        "As a student: let a university see and count the hours of a period.",
    ),
    Command(
        "credits preview",
        "credits:preview",
        "Read a roster and say what each row comes to; nothing is kept.",
    ),
    Command(
        "credits evaluate",
        "credits:evaluate",
        "Make a draft: what counts of every student of a roster, and why the rest does not.",
    ),
    Command(
        "credits list", "credits:list_runs", "List the runs of a university, the newest first."
    ),
    Command("credits publish", "credits:publish", "Show a draft to its students, who can object."),
    Command("credits objections", "credits:objections", "Show what students said of a run."),
    Command("credits answer", "credits:answer", "Answer an objection."),
    Command(
        "credits diff",
        "credits:diff",
        "List whose credits would be others by now: new, amended, voided records.",
    ),
    Command(
        "credits finalise",
        "credits:finalise",
        "Sign the final report and record its decisions; again, what is missing of them.",
    ),
    Command(
        "credits export",
        "credits:export_run",
        "Write the signed report, the tables and the PDF of a run.",
    ),
    Command(
        "credits forget",
        "credits:forget",
        "Delete a run with all names in it; what it recorded in the ledger stays.",
    ),
    Command(
        "keys list", "keys:list_keys", "What each key is for, and its address. No key is decrypted."
    ),
    Command("keys new", "keys:new", "Make a key and store it encrypted."),
    Command(
        "keys export",
        "keys:export",
        "Write a key as a standard key file for any wallet, under a passphrase of its own.",
    ),
    Command(
        "vault show",
        "privacy:show_holdings",
        "All that is kept of a person, with the salts that prove it. Every look is logged.",
    ),
    Command(
        "vault log",
        "privacy:log",
        "Who looked at what of a person, when and why. It outlives the data.",
    ),
)
"""In the order in which `hourledger --help` lists them."""
