// Reads our calendars with the parsers of other people, so that nobody marks their own work.
//
//   node parse_ics.mjs parse   < {"files": ["BEGIN:VCALENDAR…", …]}
//   node parse_ics.mjs zones   < {"zones": {"Europe/Helsinki": "BEGIN:VCALENDAR…"}, "from": 2020, "to": 2036}
//
// Answers JSON on stdout. ical.js is the base of Thunderbird's calendar, node-ical reads for many services.
import ICAL from "ical.js";
import nodeIcal from "node-ical";
import { readFileSync } from "node:fs";

const HOUR = 3600;
const mailbox = (value, name) => ({
  email: String(value).replace(/^mailto:/i, ""),
  name: String(name ?? "").replace(/^"(.*)"$/, "$1"),
});

function withIcalJs(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) {
    // what lies in the file counts, not what an earlier file said of the same name
    ICAL.TimezoneService.remove(zone.getFirstPropertyValue("tzid"));
    ICAL.TimezoneService.register(zone);
  }
  const events = calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    const people = (name) => component.getAllProperties(name).map(
      (property) => mailbox(property.getFirstValue(), property.getParameter("cn")),
    );
    return {
      uid: event.uid,
      sequence: event.sequence ?? 0,
      start: event.startDate.toUnixTime(),
      end: event.endDate.toUnixTime(),
      summary: event.summary ?? "",
      description: event.description ?? "",
      location: event.location ?? "",
      status: component.getFirstPropertyValue("status"),
      organizer: people("organizer"),
      attendees: people("attendee"),
    };
  });
  return { method: calendar.getFirstPropertyValue("method"), events };
}

function withNodeIcal(text) {
  const calendar = nodeIcal.sync.parseICS(text);
  const people = (value) => [value ?? []].flat().map(
    (one) => (typeof one === "string" ? mailbox(one) : mailbox(one.val, one.params?.CN)),
  );
  const plain = (value) => (value && typeof value === "object" ? value.val : value) ?? "";
  const events = Object.values(calendar).filter((one) => one?.type === "VEVENT").map((event) => ({
    uid: event.uid,
    sequence: Number(event.sequence ?? 0),
    start: event.start.getTime() / 1000,
    end: event.end.getTime() / 1000,
    summary: plain(event.summary),
    description: plain(event.description),
    location: plain(event.location),
    status: event.status,
    organizer: people(event.organizer),
    attendees: people(event.attendee),
  }));
  return { method: calendar.vcalendar?.method ?? events[0]?.method ?? "", events };
}

// What Intl says is the wall clock of an hour, as if it were UTC. Offsets change on whole quarters only,
// and never twice within a day, so a day whose ends agree needs no closer look.
function* wallClock(zone, from, to) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
    hour: "numeric", minute: "numeric", second: "numeric",
  });
  const offset = (moment) => {
    const part = Object.fromEntries(format.formatToParts(moment * 1000).map((p) => [p.type, Number(p.value)]));
    return Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second) / 1000 - moment;
  };
  let before = offset(from);
  for (let day = from; day < to; day += 24 * HOUR) {
    const after = offset(day + 24 * HOUR);
    for (let moment = day; moment < day + 24 * HOUR; moment += HOUR) {
      yield [moment, moment + (before === after ? before : offset(moment))];
    }
    before = after;
  }
}

function compareZone(name, text, from, to) {
  const component = new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent("vtimezone");
  const zone = new ICAL.Timezone(component);
  const seen = new Map(); // the last day of wall clocks: an hour shown twice is ambiguous
  const result = { hours: 0, wrong: 0, ambiguous: 0, surprising: [] };
  for (const [moment, wall] of wallClock(name, from, to)) {
    const there = new Date(wall * 1000);
    const read = ICAL.Time.fromData({
      year: there.getUTCFullYear(), month: there.getUTCMonth() + 1, day: there.getUTCDate(),
      hour: there.getUTCHours(), minute: there.getUTCMinutes(), second: there.getUTCSeconds(),
    }, zone).toUnixTime();
    result.hours += 1;
    const twice = seen.has(wall);
    result.ambiguous += twice ? 1 : 0;
    if (read !== moment) {
      result.wrong += 1;
      // either of the two moments that share the wall clock may be the one that is read
      const other = seen.get(wall) ?? moment + HOUR;
      if (read !== other) result.surprising.push(new Date(moment * 1000).toISOString());
    }
    seen.set(wall, moment);
    if (seen.size > 48) seen.delete(seen.keys().next().value);
  }
  result.surprising.splice(5);
  return result;
}

const asked = JSON.parse(readFileSync(0, "utf8"));
if (process.argv[2] === "zones") {
  const [from, to] = [asked.from, asked.to + 1].map((year) => Date.UTC(year, 0, 1) / 1000);
  const found = Object.entries(asked.zones).map(([name, text]) => [name, compareZone(name, text, from, to)]);
  process.stdout.write(JSON.stringify(Object.fromEntries(found)));
} else {
  const read = asked.files.map((text) => ({ "ical.js": withIcalJs(text), "node-ical": withNodeIcal(text) }));
  process.stdout.write(JSON.stringify(read));
}
