export declare function withLock<T>(
  folder: string,
  work: (hold: (pid: number) => void) => T | Promise<T>,
  onWait: () => void,
): Promise<T>;
