export declare function withLock<T>(
  folder: string,
  work: (hold: (pid: number) => void) => T | Promise<T>,
  onWait: () => void,
): Promise<T>;

export declare function claim(folder: string, number: number): boolean;
