import createClient from "openapi-fetch";
import { readFileSync, writeFileSync } from "node:fs";
import type { paths } from "./v1.d.ts";
// Enrols a photo, searches with it, opens the candidate's crop and exports the gallery, through the client that openapi-typescript makes
// of /openapi/v1.json.
const [address, key, photo] = process.argv.slice(2) as [string, string, string];
const client = createClient<paths>({ baseUrl: address, headers: { "X-Api-Key": key } });
const image = readFileSync(photo).toString("base64");
const made = await client.POST("/v1/galleries", { body: { name: "typed" } });
if (made.error) throw new Error(made.error.code);
const enrolled = await client.POST("/v1/galleries/{gallery}/subjects/{subject}/encounters", {
  params: { path: { gallery: "typed", subject: "anna" } }, body: { image: [image], face: "largest" } });
if (enrolled.error) throw new Error(enrolled.error.detail);
const purpose = { caseNumber: "C-1", basis: "18 USC 1028" };
const found = await client.POST("/v1/searches", { body: { image, galleries: ["typed"], face: "largest", listLength: 5, purpose } });
if (found.error) throw new Error(found.error.detail);
// 202, with an operation in place of the list, comes to who asks for it by Prefer: respond-async.
if (!("candidates" in found.data)) throw new Error("no list");
const first = found.data.candidates[0];
if (!first) throw new Error("no candidate");
const crop = await client.GET("/v1/searches/{search}/candidates/{rank}/crop", {
  params: { path: { search: found.data.searchId, rank: first.rank } }, parseAs: "arrayBuffer" });
if (crop.error) throw new Error(crop.error.detail);
writeFileSync("crop.jpg", new Uint8Array(crop.data));
const archive = await client.GET("/v1/galleries/{gallery}/export", { params: { path: { gallery: "typed" } }, parseAs: "arrayBuffer" });
if (archive.error) throw new Error(archive.error.detail);
writeFileSync("typed.zip", new Uint8Array(archive.data));
// A misspelt member of a request does not compile; one that is refused all the same is told as a problem.
const refused = await client.GET("/v1/galleries/{gallery}", { params: { path: { gallery: "none" } } });
console.log(first.rank, first.subjectId, found.data.receipt?.status, refused.error?.code);
