// What others pay to put a root on a chain, on the node of these tests: a bare transaction, and, where
// PEERS names a folder of node modules that has them, EAS and OpenAttestation, from their own packages
// (no dependencies of ours: they would bring a second Hardhat, and are never called but here).
const path = require("node:path");
const { ethers } = require("hardhat");

const EAS = "@ethereum-attestation-service/eas-contracts/artifacts/contracts";
const STORE = "@govtechsg/document-store/dist/contracts/factories/contracts/DocumentStore__factory.js";
const ROOT = ethers.id("a root");
const used = async (sending) => Number((await (await sending).wait()).gasUsed);

async function measured({ owner, stranger }) {
  const gas = {};
  gas["a transaction with 32 bytes, and nothing else"] = await used(
    owner.sendTransaction({ to: stranger.address, data: ROOT }),
  );
  if (process.env.PEERS) Object.assign(gas, await eas(owner), await store(owner));
  return gas;
}

const of = (name) => require(path.join(process.env.PEERS, name));
const deployedOf = async ({ abi, bytecode }, owner, ...args) =>
  new ethers.ContractFactory(abi, bytecode, owner).deploy(...args);

async function eas(owner) {
  const registry = await deployedOf(of(`${EAS}/SchemaRegistry.sol/SchemaRegistry.json`), owner);
  const contract = await deployedOf(of(`${EAS}/EAS.sol/EAS.json`), owner, await registry.getAddress());
  const terms = ["bytes32 root,uint64 size", ethers.ZeroAddress, false];
  await registry.register(...terms);
  const schema = ethers.solidityPackedKeccak256(["string", "address", "bool"], terms);
  const data = ethers.AbiCoder.defaultAbiCoder().encode(["bytes32", "uint64"], [ROOT, 2 ** 20]);
  const request = [ethers.ZeroAddress, 0, false, ethers.ZeroHash, data, 0];
  return {
    "EAS, timestamp of a root": await used(contract.timestamp(ROOT)),
    "EAS, attestation of root and size": await used(contract.attest([schema, request])),
  };
}

async function store(owner) {
  const factory = of(STORE).DocumentStore__factory;
  const contract = await deployedOf(factory, owner, "a store", owner.address);
  return { "OpenAttestation, issue of a root": await used(contract.issue(ROOT)) };
}

module.exports = { measured };
