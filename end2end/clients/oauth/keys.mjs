// The keys of clients that prove themselves by a signed assertion.
import { randomUUID, webcrypto } from 'node:crypto';

const KINDS = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
};

/** A key pair: what is `published` at registration, and what is `kept`. */
export async function newKey(algorithm = 'ES256') {
  const { publicKey, privateKey } = await webcrypto.subtle.generateKey(KINDS[algorithm], true, ['sign', 'verify']);
  const kid = randomUUID();
  const { key_ops: _, ext: __, ...published } = await webcrypto.subtle.exportKey('jwk', publicKey);
  return { published: { ...published, kid, alg: algorithm, use: 'sig' }, kept: { key: privateKey, kid } };
}
