export const issuePath = (id: string) => `/issues/${encodeURIComponent(id)}`;
