import { type ComponentType, useEffect, useSyncExternalStore } from 'react';
import { ProblemFace } from './problem-face.tsx';

const fetches: (() => void)[] = [];

/**
 * A part of the page that is not of its first picture: fetched once that is drawn (`fetchLater`), or when it is shown
 * before. From then on it is drawn as any other; until then nothing stands in its place.
 */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let part: ComponentType<Props> | null = null;
  let failure: unknown = null;
  let isAsked = false;
  const listeners = new Set<() => void>();
  const listen = (tell: () => void) => {
    listeners.add(tell);
    return () => listeners.delete(tell);
  };
  const fetch = () => {
    if (isAsked) return;
    isAsked = true;
    load()
      .then((loaded) => {
        part = loaded;
      })
      .catch((error: unknown) => {
        failure = error;
      })
      .finally(() => {
        for (const tell of listeners) tell();
      });
  };
  fetches.push(fetch);
  return function Later(props: Props) {
    const Part = useSyncExternalStore(listen, () => part);
    const error = useSyncExternalStore(listen, () => failure);
    useEffect(fetch, []);
    if (Part !== null) return <Part {...props} />;
    return error === null ? null : <ProblemFace error={error} retry={() => location.reload()} />;
  };
}

/** Fetches all such parts, when the browser has nothing else to do. */
export function fetchLater(): void {
  const begin = () => {
    for (const fetch of fetches) fetch();
  };
  if ('requestIdleCallback' in globalThis) requestIdleCallback(begin, { timeout: 2_000 });
  else setTimeout(begin, 200);
}
