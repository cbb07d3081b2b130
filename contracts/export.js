// Writes anchoring/abi/*.json from a fresh compile, so that nobody needs Node to call or deploy:
//   npx hardhat run contracts/export.js
const fs = require("node:fs");
const path = require("node:path");
const hre = require("hardhat");

const CONTRACTS = ["BatchAnchor", "StateVerifier"];

/** Where the artifact of a contract is committed. */
const target = (name) => path.join(hre.config.paths.root, "anchoring", "abi", `${name}.json`);

/** The exact text of a committed artifact. */
async function render(name = "BatchAnchor") {
  await hre.run("compile", { force: true, quiet: true });
  const { contractName, abi, bytecode, deployedBytecode } = await hre.artifacts.readArtifact(name);
  const compiler = hre.config.solidity.compilers[0].version;
  const content = { contractName, compiler, abi, bytecode, deployedBytecode };
  return `${JSON.stringify(content, null, 2)}\n`;
}

async function main() {
  for (const name of CONTRACTS) {
    const text = await render(name);
    fs.mkdirSync(path.dirname(target(name)), { recursive: true });
    fs.writeFileSync(target(name), text);
  }
}

module.exports = { TARGET: target("BatchAnchor"), target, render };

if (require.main === module) {
  main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
