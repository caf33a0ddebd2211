-- Pandoc, standing ready for one order after the other: `pandoc lua press.lua handout.lua`. An order
-- (pandoc.py writes them) and its answer are a line of JSON and as many bytes as the line says.

local LOOKS = arg[1]

local function in_html(el)
  if el.format == "html" then return pandoc.read(el.text, "html").blocks end
end

-- What was read last is kept: a handout comes once for each of its formats.
local words, reads, known
local function read(markdown, from)
  if words ~= markdown or reads ~= from then
    local count, taken = 0, {}
    -- The contents lead to each heading: one without a name, or with another's, gets one of its own.
    local function named(heading)
      while heading.identifier == "" or taken[heading.identifier] do
        count = count + 1
        heading.identifier = "part-" .. count
      end
      taken[heading.identifier] = true
      return heading
    end
    known = pandoc.read(markdown, from):walk({ RawBlock = in_html }):walk({ Header = named })
    words, reads = markdown, from
  end
  return known:clone()
end

local function printed(order, markdown)
  local doc = read(markdown, order.from)
  for key, value in pairs(order.metadata) do doc.meta[key] = value end
  if order.last ~= "" then doc.blocks:insert(pandoc.Div(pandoc.Para(order.last), { ["custom-style"] = "Small" })) end
  FORMAT, SHIFT, CONTENTS = order.to, order.shift, order.contents
  for _, looks in ipairs(dofile(LOOKS)) do doc = doc:walk(looks) end
  local options = order.options
  if order.template ~= "" then options.template = pandoc.template.compile(order.template) end
  return pandoc.write(doc, order.to, pandoc.WriterOptions(options))
end

-- In the folder of the order, on its day; what pandoc says meanwhile comes back with what it made.
local function done(order, markdown)
  return pandoc.system.with_environment(order.environment, function()
    return pandoc.system.with_working_directory(order.folder, function()
      return pandoc.log.silence(printed, order, markdown)
    end)
  end)
end

for line in io.stdin:lines() do
  local order = pandoc.json.decode(line, false)
  local markdown = order.bytes > 0 and io.read(order.bytes) or "" -- to read nothing is to wait for more
  local well, said, made = pcall(done, order, markdown)
  local answer = well and { said = said, bytes = #made } or { failed = tostring(said), bytes = 0 }
  io.write(pandoc.json.encode(answer), "\n", well and made or "")
  io.flush()
end
