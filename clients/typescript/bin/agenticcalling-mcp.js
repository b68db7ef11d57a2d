#!/usr/bin/env node
import { main } from '../lib/command.js';

const code = await main(process.argv.slice(2), process.env, process);
// Standard input may be waiting for a line that never comes.
process.exit(code);
