import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform } from 'fastify-type-provider-zod';

/** Describes the routes that follow by their own schemas, as OpenAPI 3.1 at `/api/v1/openapi.json`. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Security Inbox',
        version,
        description:
          'Errors are problem documents (RFC 9457) with a code of the closed list in docs/reference/errors.md. Instants are UTC.',
      },
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description: 'An API token, as `token create` prints it.',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: '__Host-sid',
            description: 'The cookie of a session; over plain http its name is another.',
          },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
    transform: jsonSchemaTransform,
  });
  app.get('/api/v1/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () =>
    app.swagger(),
  );
}
