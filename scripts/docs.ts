import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generatedDocs } from './generated.js';

for (const [file, text] of Object.entries(generatedDocs())) {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
}
