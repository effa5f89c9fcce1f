import createClient from "openapi-fetch";
import { readFileSync } from "node:fs";
import type { paths } from "./v1.d.ts";
// Enrols a photo and searches with it through the client that openapi-typescript makes of /openapi/v1.json.
const [address, key, photo] = process.argv.slice(2) as [string, string, string];
const client = createClient<paths>({ baseUrl: address, headers: { "X-Api-Key": key } });
const image = readFileSync(photo).toString("base64");
const made = await client.POST("/v1/galleries", { body: { name: "typed" } });
if (made.error) throw new Error(made.error.code);
const enrolled = await client.POST("/v1/galleries/{gallery}/subjects/{subject}/encounters", {
  params: { path: { gallery: "typed", subject: "anna" } }, body: { image: [image], face: "largest" } });
if (enrolled.error) throw new Error(enrolled.error.detail);
const found = await client.POST("/v1/searches", { body: { image, galleries: ["typed"], face: "largest", listLength: 5, purpose: { caseNumber: "C-1", basis: "18 USC 1028" } } });
if (found.error) throw new Error(found.error.detail);
const first = found.data.candidates[0];
console.log(first?.rank, first?.subjectId, found.data.receipt?.status);
