import { describe, expect, it } from 'vitest';
import { deviceOf } from './device.js';

describe('devices', () => {
  it.each([
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox/Windows'],
    [
      'Mozilla/5.0 (Linux; Android 14; PHM110) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36',
      'Chrome/Android',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile MicroMessenger/8.0',
      'WeChat/iOS',
    ],
    ['curl/8.5.0', 'program/other'],
    [undefined, 'program/other'],
  ])('%s', (agent, device) => expect(deviceOf(agent)).toBe(device));
});
