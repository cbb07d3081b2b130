"use strict";

// Hardhat sends no reports from here: the house builds and tests without a network.
process.env.HARDHAT_DISABLE_TELEMETRY_PROMPT = "true";
process.env.DO_NOT_TRACK = "1";

require("@nomicfoundation/hardhat-ethers");
const { subtask } = require("hardhat/config");
const { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } = require("hardhat/builtin-tasks/task-names");
const solc = require("solc/package.json");

// The compiler comes from npm (soljson.js), hash-checked by the lock: nothing is downloaded here.
subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, async ({ solcVersion }, _hre, runSuper) => {
  if (solcVersion !== solc.version) return runSuper();
  return {
    compilerPath: require.resolve("solc/soljson.js"),
    isSolcJs: true,
    version: solc.version,
    longVersion: require("solc").version().replace(/\.Emscripten.*$/, ""),
  };
});

module.exports = {
  solidity: {
    version: solc.version,
    // Chains of consortiums know no newer opcodes than those of `paris`. Without a note about the
    // sources behind it, the code depends on nothing but what it does.
    settings: {
      evmVersion: "paris",
      optimizer: { enabled: true, runs: 200 },
      metadata: { bytecodeHash: "none", appendCBOR: false },
    },
  },
  networks: { hardhat: { chainId: 31337 } },
  paths: {
    tests: "tests/contracts",
    cache: "build/hardhat/cache",
    artifacts: "build/hardhat/artifacts",
  },
};
