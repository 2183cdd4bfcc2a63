export declare function processMark(pid: number): string | null;
