// Verifies proofs with npm's @sigstore/verify, which knows nothing of this project:
//
//     node sigstore-verify.mjs VKEY PROOF LEAF [PROOF LEAF]...
//
// VKEY is the verifier key of the log of type 0x02 (ECDSA on P-256). Each PROOF (tlog-proof) gives one line of output,
// which begins with "ok" or "refused". The exit code is 1 if anything was refused.
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
// The package has no function for a proof alone: these are the parts of which its own verification consists.
const { verifyCheckpoint } = require('@sigstore/verify/dist/tlog/checkpoint.js');
const { verifyMerkleInclusion } = require('@sigstore/verify/dist/tlog/merkle.js');

const [vkey, ...files] = process.argv.slice(2);
const [name, , text] = vkey.split(/\+(.{8})\+/s);
const spki = Buffer.from(text, 'base64').subarray(1);
const log = {
  logID: createHash('sha256').update(spki).digest(),
  baseURL: name,
  publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }),
};

for (let i = 0; i < files.length; i += 2) {
  try {
    const [head, ...rest] = readFileSync(files[i], 'utf8').split('\n\n');
    const [, index, ...hashes] = head.split('\n');
    const entry = {
      canonicalizedBody: readFileSync(files[i + 1]),
      inclusionProof: {
        logIndex: index.replace('index ', ''),
        hashes: hashes.map((hash) => Buffer.from(hash, 'base64')),
        checkpoint: { envelope: rest.join('\n\n') },
      },
    };
    const checkpoint = verifyCheckpoint(entry, [log]);
    verifyMerkleInclusion(entry, checkpoint);
    console.log(`ok: leaf ${entry.inclusionProof.logIndex} of ${checkpoint.logSize}`);
  } catch (e) {
    console.log(`refused: ${e.message}`);
    process.exitCode = 1;
  }
}
