-- wrk's script: presses hearts, or gets pages, as many visitors. Its arguments are a file with one
-- visitor a line (cookies, a tab, the token, a tab, the handle), and what to do: "page", a path; or
-- "press", the first and the last photo. Visitors take turns, so no two presses of one visitor are under way.

local visitors, state, turn, what, path, first, last = {}, {}, 0, "page", "/", 0, 0

function init(args)
  math.randomseed(1)
  for line in io.lines(args[1]) do
    local cookies, token, handle = line:match("^(.-)\t(.-)\t(.-)$")
    visitors[#visitors + 1] = { cookies = cookies, token = token, handle = handle }
  end
  what = args[2]
  if what == "page" then path = args[3] else first, last = tonumber(args[3]), tonumber(args[4]) end
end

function request()
  turn = turn % #visitors + 1
  local visitor = visitors[turn]
  local headers = { ["Cookie"] = visitor.cookies, ["Accept-Encoding"] = "gzip" }
  if what == "page" then return wrk.format("GET", path, headers) end
  local photo = math.random(first, last)
  local key = turn * 1000000 + photo
  state[key] = not state[key]
  headers["X-CSRFToken"] = visitor.token
  headers["HX-Request"] = "true"
  headers["HX-Target"] = "foot-" .. photo
  headers["Content-Type"] = "application/x-www-form-urlencoded"
  local press = state[key] and "like" or "unlike"
  local body = "next=%2Ffeed%2F&you=" .. visitor.handle
  return wrk.format("POST", "/feed/photo/" .. photo .. "/" .. press .. "/", headers, body)
end

function done(summary, latency)
  io.write(string.format(
    "RESULT %d %d %d %d %d\n",
    summary.requests,
    summary.duration,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write
      + summary.errors.timeout,
    latency:percentile(50),
    latency:percentile(99)
  ))
end
