// Writes each line of standard input, one JSON value each, in the form of RFC 8785, as npm's canonicalize does it.
import { createInterface } from 'node:readline';
import canonicalize from 'canonicalize';

const lines = [];
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  lines.push(canonicalize(JSON.parse(line)));
}
process.stdout.write(lines.map((line) => `${line}\n`).join(''));
