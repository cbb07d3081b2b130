// The verifier of the Digital Credentials Consortium (VerifierPlus), as npm delivers it. One line of JSON on
// stdin, {credentials, hosts, files}; a line of JSON on stdout for each credential. What it would ask the
// network for, it asks the servers of `hosts` (begin of an address → that of a server of the test), or finds
// in `files` (address → JSON).
import {text} from 'node:stream/consumers';

const {credentials, hosts, files} = JSON.parse(await text(process.stdin));
const real = globalThis.fetch;
const asked = [];
globalThis.fetch = async (request, options) => {
  const url = typeof request === 'string' ? request : request.url;
  asked.push(url);
  if(url in files) {
    return new Response(JSON.stringify(files[url]), {headers: {'content-type': 'application/json'}});
  }
  const host = Object.keys(hosts).find(begin => url.startsWith(begin));
  if(!host) {
    throw new Error(`nobody is at ${url}`);
  }
  return real(hosts[host] + url.slice(host.length), options);
};
const {verifyCredential} = await import('@digitalcredentials/verifier-core');

for(const credential of credentials) {
  const {log = [], errors = [], additionalInformation = []} =
    await verifyCredential({credential, knownDIDRegistries: []});
  const found = Object.fromEntries(log.map(({id, valid}) => [id, valid]));
  const schemas = additionalInformation.flatMap(({results}) => results);
  console.log(JSON.stringify({
    signature: found.valid_signature ?? null,
    status: found.revocation_status ?? null,
    schema: schemas[0]?.result?.valid ?? null,
    errors: errors.map(({name}) => name),
    asked: asked.splice(0)
  }));
}
