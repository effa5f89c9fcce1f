// The flow of a face collection through the unmodified client of Amazon Rekognition; each step prints a line of JSON.
// node flow.mjs ADDRESS ACCESS_KEY_ID SECRET FOLDER   (the folder holds the photos by their names)
import {
  AssociateFacesCommand, CompareFacesCommand, CreateCollectionCommand, CreateUserCommand, DeleteCollectionCommand, DeleteFacesCommand,
  DescribeCollectionCommand, DetectFacesCommand, DetectLabelsCommand, DisassociateFacesCommand, DeleteUserCommand, IndexFacesCommand,
  ListCollectionsCommand, ListFacesCommand, ListUsersCommand, RekognitionClient, SearchFacesByImageCommand, SearchFacesCommand,
  SearchUsersByImageCommand, SearchUsersCommand,
} from '@aws-sdk/client-rekognition';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [address, accessKeyId, secretAccessKey, folder] = process.argv.slice(2);
const client = new RekognitionClient({
  endpoint: address, region: 'eu-central-1', credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1,
});
// What the operations cannot say of a search is said in headers.
client.middlewareStack.add(next => args => {
  args.request.headers['x-matchengine-case'] = 'C-17';
  args.request.headers['x-matchengine-basis'] = '18 USC 1028';
  return next(args);
}, { step: 'build' });
let headers;
client.middlewareStack.add(next => async args => {
  const result = await next(args);
  headers = result.response.headers;
  return result;
}, { step: 'deserialize' });

const image = name => ({ Bytes: readFileSync(join(folder, name)) });
const CollectionId = 'sdk.people';
async function step(name, command) {
  try {
    const { $metadata, ...answer } = await client.send(command);
    console.log(JSON.stringify({ name, status: $metadata.httpStatusCode, requestId: $metadata.requestId, answer, headers }));
    return answer;
  } catch (error) {
    console.log(JSON.stringify({
      name, status: error.$metadata?.httpStatusCode, error: error.name, message: error.message,
    }));
  }
}

await step('create', new CreateCollectionCommand({ CollectionId }));
await step('create again', new CreateCollectionCommand({ CollectionId }));
await step('list collections', new ListCollectionsCommand({}));
const ids = {};
for (const name of ['anna-1', 'anna-2', 'bert', 'cleo']) {
  const indexed = await step(`index ${name}`, new IndexFacesCommand({ CollectionId, Image: image(name), ExternalImageId: name }));
  ids[name] = indexed.FaceRecords[0].Face.FaceId;
}
await step('index several', new IndexFacesCommand({ CollectionId, Image: image('several') }));
await step('describe', new DescribeCollectionCommand({ CollectionId }));
const first = await step('list faces', new ListFacesCommand({ CollectionId, MaxResults: 3 }));
await step('list further faces', new ListFacesCommand({ CollectionId, MaxResults: 3, NextToken: first.NextToken }));
await step('search by image', new SearchFacesByImageCommand({ CollectionId, Image: image('anna-probe'), FaceMatchThreshold: 70 }));
await step('search', new SearchFacesCommand({ CollectionId, FaceId: ids['anna-1'] }));
await step('search one', new SearchFacesCommand({ CollectionId, FaceId: ids['anna-1'], MaxFaces: 1, FaceMatchThreshold: 0 }));
await step('compare', new CompareFacesCommand({ SourceImage: image('anna-1'), TargetImage: image('anna-probe') }));
await step('compare others', new CompareFacesCommand({ SourceImage: image('anna-1'), TargetImage: image('bert') }));
await step('detect', new DetectFacesCommand({ Image: image('several') }));
await step('create user', new CreateUserCommand({ CollectionId, UserId: 'anna' }));
await step('create user again', new CreateUserCommand({ CollectionId, UserId: 'anna' }));
await step('associate', new AssociateFacesCommand({
  CollectionId, UserId: 'anna', FaceIds: [ids['anna-1'], ids['anna-2'], '00000000-0000-4000-8000-000000000000'] }));
await step('list users', new ListUsersCommand({ CollectionId }));
await step('search users by image', new SearchUsersByImageCommand({ CollectionId, Image: image('anna-probe') }));
await step('search users', new SearchUsersCommand({ CollectionId, UserId: 'anna' }));
await step('disassociate', new DisassociateFacesCommand({ CollectionId, UserId: 'anna', FaceIds: [ids['anna-2']] }));
await step('list faces of user', new ListFacesCommand({ CollectionId, UserId: 'anna' }));
await step('delete user', new DeleteUserCommand({ CollectionId, UserId: 'anna' }));
await step('search users of none', new SearchUsersByImageCommand({ CollectionId, Image: image('anna-probe') }));
await step('delete faces', new DeleteFacesCommand({ CollectionId, FaceIds: [ids.bert, '00000000-0000-4000-8000-000000000000'] }));
await step('not there', new SearchFacesCommand({ CollectionId: 'nowhere', FaceId: ids.cleo }));
await step('storage', new DetectFacesCommand({ Image: { S3Object: { Bucket: 'bucket', Name: 'name' } } }));
await step('no image', new DetectFacesCommand({ Image: { Bytes: Buffer.from('no image at all') } }));
await step('unknown operation', new DetectLabelsCommand({ Image: image('anna-1') }));
await step('delete', new DeleteCollectionCommand({ CollectionId }));
await step('describe deleted', new DescribeCollectionCommand({ CollectionId }));
