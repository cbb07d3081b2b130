// The registrar's page: choose a university, see its runs, start a new one.
import { listRuns } from "./runs.js";
import { openRun } from "./run.js";
import { setUpRoster } from "./roster.js";
import { ask } from "../shared/api.js";
import { $, el, fill, show } from "../shared/dom.js";
import { recoverable, setUpSignIn } from "../shared/sign_in.js";

/** @import { Me } from "../answers.d.ts" */

async function load() {
  const me = /** @type {Me} */ (await ask("GET", "/me"));
  const universities = me.mandates.filter(({ scopes, certified }) => certified && scopes.includes("credit"));
  show(recoverable(), $("backup"));
  $("me").textContent = me.address;
  show(universities.length === 0, $("no-university"));
  show(universities.length > 0, $("decisions"));
  show(universities.length > 1, $("university-field"));
  fill(
    $("university"),
    ...universities.map(({ organisation }) => el("option", { value: organisation }, organisation)),
  );
  $("university").onchange = refresh;
  if (universities.length > 0) {
    await setUpRoster(async (run) => {
      await refresh();
      await openRun(run, refresh);
    });
    await refresh();
  }
  show(false, $("out"));
  show(true, $("in"));
}

const refresh = () => listRuns((run) => openRun(run, refresh));

setUpSignIn(load);
