import { config } from 'zod';

/**
 * The content security policy forbids code made from text, which schemas try as soon as one is made: this module
 * comes before all others.
 */
config({ jitless: true });
