import { expect, test } from "vitest";
import { networkOf } from "./network.ts";

test("an IPv4 address stands for itself, also where it is written as one of IPv6", () => {
  expect(networkOf("203.0.113.7")).toBe("203.0.113.7");
  expect(networkOf("::ffff:203.0.113.7")).toBe("203.0.113.7");
});

test("all addresses of an IPv6 network are one, however they are written", () => {
  for (const address of [
    "2001:db8:1:2::1",
    "2001:db8:1:2:3:4:5:6",
    "2001:0DB8:0001:0002::ffff",
    "2001:db8:1:2::",
  ]) {
    expect(networkOf(address)).toBe("2001:db8:1:2::/64");
  }
  expect(networkOf("2001:db8:1:3::1")).not.toBe(networkOf("2001:db8:1:2::1"));
  expect(networkOf("::1")).toBe("0:0:0:0::/64");
  expect(networkOf("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
});

test("what is no address stands for itself", () => {
  expect(networkOf("unix")).toBe("unix");
});
