// Writes anchoring/abi/BatchAnchor.json from a fresh compile, so that Python needs no Node:
//   npx hardhat run contracts/export.js
const fs = require("node:fs");
const path = require("node:path");
const hre = require("hardhat");

const TARGET = path.join(hre.config.paths.root, "anchoring", "abi", "BatchAnchor.json");

/** The exact text of the committed artifact. */
async function render() {
  await hre.run("compile", { force: true, quiet: true });
  const { contractName, abi, bytecode, deployedBytecode } =
    await hre.artifacts.readArtifact("BatchAnchor");
  const compiler = hre.config.solidity.compilers[0].version;
  const content = { contractName, compiler, abi, bytecode, deployedBytecode };
  return `${JSON.stringify(content, null, 2)}\n`;
}

async function main() {
  const text = await render();
  fs.mkdirSync(path.dirname(TARGET), { recursive: true });
  fs.writeFileSync(TARGET, text);
}

module.exports = { TARGET, render };

if (require.main === module) {
  main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
}
