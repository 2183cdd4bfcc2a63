import type { ImageDescription } from '#domain/resource/resource-description.ts';

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const NAME_MAX = 1_000;

/** An image in a registry, by the name under which something runs it and the digest that is told beside it or in it. */
export function imageNamed(named: string, told: string | undefined): ImageDescription {
  const digest = [told, named.split('@')[1]].find((each) => each !== undefined && DIGEST.test(each));
  return {
    kind: 'image',
    reference: named.slice(0, NAME_MAX),
    inRegistry: true,
    ...(digest === undefined ? {} : { digest }),
  };
}
