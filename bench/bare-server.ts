/** What the gateway is measured against: Fastify with one route that takes the same body, parses it and answers the
 * same, and does nothing else. Says its port. */
import Fastify from 'fastify';

const app = Fastify({ logger: false });
app.post('/v1/t', async () => ({ success: true }));
app.post('/v1/batch', async () => ({ success: true, accepted: 0, rejected: [] }));
const url = await app.listen({ host: '127.0.0.1', port: 0 });
console.log(new URL(url).port);
