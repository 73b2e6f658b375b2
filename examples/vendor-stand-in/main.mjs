import { startStandIn } from './stand-in.mjs';

const standIn = await startStandIn({
  port: Number(process.env.STAND_IN_PORT ?? 8090),
  dreamdataKey: process.env.STAND_IN_DREAMDATA_KEY ?? 'demo-key',
});
console.log(
  `Vendors: Dreamdata at ${standIn.url}/v1/batch, a webhook at ${standIn.url}/webhook. Watch: ${standIn.url}/`,
);
