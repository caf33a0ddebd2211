-- What pandoc has to know of the kit's handouts: raw HTML is read, not dropped, and every class that
-- means something on paper (pages/paper.py names them) is drawn as each format draws it.

local typst, docx = FORMAT == "typst", FORMAT == "docx"
local web = FORMAT:match("^html") or FORMAT:match("^epub")
local shift = tonumber(os.getenv("HANDOUT_SHIFT") or "0")

-- Typst: a function of handout.typ around what stands in a block or a span.
local function around(name, content, raw)
  local whole = content:clone()
  whole:insert(1, raw("typst", "#" .. name .. "["))
  whole:insert(raw("typst", "]"))
  return whole
end

-- Word: a mark that can be ticked, a line that can be typed on.
local W14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
local function tick(sign)
  return '<w:sdt><w:sdtPr><w14:checkbox ' .. W14 .. '><w14:checked w14:val="0"/>'
    .. '<w14:checkedState w14:val="2612" w14:font="Segoe UI Symbol"/>'
    .. '<w14:uncheckedState w14:val="' .. string.format("%04X", utf8.codepoint(sign)) .. '" w14:font="Segoe UI Symbol"/></w14:checkbox></w:sdtPr>'
    .. '<w:sdtContent><w:r><w:rPr><w:rFonts w:ascii="Segoe UI Symbol" w:hAnsi="Segoe UI Symbol" w:eastAsia="Segoe UI Symbol" w:cs="Segoe UI Symbol"/></w:rPr><w:t>' .. sign .. '</w:t></w:r></w:sdtContent></w:sdt>'
end
-- What stands there is a place holder: whoever clicks on it and types, replaces it.
local function typed(width, sign)
  return '<w:sdt><w:sdtPr><w:showingPlcHdr/><w:text w:multiLine="1"/></w:sdtPr><w:sdtContent><w:r>'
    .. '<w:t xml:space="preserve">' .. string.rep(sign, width) .. '</w:t></w:r></w:sdtContent></w:sdt>'
end

local MARKS = {
  box = { typst = "#box-mark", docx = tick("☐"), html = "☐" },
  choice = { typst = "#choice-mark", docx = tick("○"), html = "○" },
  place = { typst = "#place-mark", docx = typed(4, "_"), html = "▭" },
  gap = { typst = "#gap-mark", docx = typed(24, "_"), html = "" },
}
local SPANS = { small = "small" }
local BLOCKS = { choices = "choices", key = "key", card = "card", secret = "secret", small = "small-block", keep = "keep" }
local STYLES = { key = "Key", secret = "Secret", small = "Small" }

local function class_of(el, known)
  for _, class in ipairs(el.classes) do
    if known[class] then return class, known[class] end
  end
end

local function Span(el)
  local class, mark = class_of(el, MARKS)
  if mark then
    if typst then return pandoc.RawInline("typst", mark.typst .. ";") end
    if docx then return pandoc.RawInline("openxml", mark.docx) end
    if web then return pandoc.RawInline("html", '<span class="' .. class .. '" aria-hidden="true">' .. mark.html .. "</span>") end
    return pandoc.Str(mark.html)
  end
  if typst then
    local name = SPANS[class_of(el, SPANS)]
    local words = name and around(name, el.content, pandoc.RawInline) or el.content
    if el.attributes.lang then
      words = around('text(lang: "' .. el.attributes.lang .. '")', pandoc.Inlines(words), pandoc.RawInline)
    end
    return words
  end
  if docx and class_of(el, SPANS) then el.attributes["custom-style"] = "Small Words" end
  return el
end

-- Lines to write on.
local function lines(el)
  local count = tonumber(el.attributes.lines) or 4
  if typst then return pandoc.RawBlock("typst", "#writing-lines(" .. count .. ")") end
  if docx then
    local ruled = '<w:p><w:pPr><w:pStyle w:val="WritingLine"/></w:pPr><w:r><w:t xml:space="preserve"> </w:t></w:r></w:p>'
    return pandoc.RawBlock("openxml", string.rep(ruled, count))
  end
  if web then
    return pandoc.RawBlock("html", '<div class="lines" aria-hidden="true">' .. string.rep('<div class="line"></div>', count) .. "</div>")
  end
  return {}
end

-- In Word each choice is a line of its own: its mark is there already.
local function unbulleted(el)
  return el:walk({ BulletList = function(list)
    local choices = pandoc.Blocks({})
    for _, item in ipairs(list.content) do
      for _, block in ipairs(item) do
        local line = block.t == "Plain" and pandoc.Para(block.content) or block
        choices:insert(pandoc.Div({ line }, { ["custom-style"] = "Choice" }))
      end
    end
    return choices
  end })
end

-- A card in Word: a frame of its own on a page of its own. Its first heading is the table's head.
local function framed(content)
  local function row(properties)
    return '<w:tr><w:trPr><w:cantSplit/>' .. properties .. '</w:trPr><w:tc><w:tcPr><w:tcW w:w="5000" w:type="pct"/></w:tcPr>'
  end
  local sides = ""
  for _, side in ipairs({ "top", "left", "bottom", "right" }) do
    sides = sides .. "<w:" .. side .. ' w:val="dashed" w:sz="8" w:space="0" w:color="1D2B2D"/>'
  end
  local margins = '<w:tblCellMar><w:top w:w="120" w:type="dxa"/><w:left w:w="280" w:type="dxa"/><w:bottom w:w="120" w:type="dxa"/><w:right w:w="280" w:type="dxa"/></w:tblCellMar>'
  local whole = pandoc.Blocks({ pandoc.RawBlock("openxml",
    '<w:p><w:pPr><w:pageBreakBefore/><w:spacing w:before="0" w:after="0" w:line="40" w:lineRule="exact"/></w:pPr></w:p>'
    .. '<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>' .. sides .. "</w:tblBorders>" .. margins
    .. '<w:tblLook w:firstRow="1" w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid><w:gridCol/></w:tblGrid>' .. row("<w:tblHeader/>")) })
  for place, block in ipairs(content) do
    whole:insert(block)
    if place == 1 then whole:insert(pandoc.RawBlock("openxml", "</w:tc></w:tr>" .. row(""))) end
  end
  whole:insert(pandoc.RawBlock("openxml", "<w:p/></w:tc></w:tr></w:tbl>"))
  return whole
end

local function Div(el)
  if el.classes:includes("lines") then return lines(el) end
  if el.classes:includes("line") then return {} end
  if el.classes:includes("page") then
    if typst then return pandoc.RawBlock("typst", "#pagebreak(weak: true)") end
    if docx then
      return pandoc.RawBlock("openxml", '<w:p><w:pPr><w:pageBreakBefore/><w:spacing w:before="0" w:after="0" w:line="40" w:lineRule="exact"/></w:pPr></w:p>')
    end
    return pandoc.RawBlock("html", '<div class="page"></div>')
  end
  local class, name = class_of(el, BLOCKS)
  if typst then return name and around(name, el.content, pandoc.RawBlock) or el.content end
  if docx and class == "choices" then return unbulleted(el) end
  if docx and class == "card" then return framed(el.content) end
  if docx and class and STYLES[class] then el.attributes["custom-style"] = STYLES[class] end
  return el
end

-- What begins a line as a list or a heading would, and is none.
local LIKE_A_LIST = { ["-"] = true, ["+"] = true, ["/"] = true, ["="] = true }
local function guarded(el)
  local first = el.content[1]
  if typst and first and first.t == "Str" and (LIKE_A_LIST[first.text:sub(1, 1)] or first.text:match("^%d+[.)]")) then
    local sign = first.text:match("^%d+[.)]") or first.text:sub(1, 1)
    local rest = first.text:sub(#sign + 1)
    el.content[1] = pandoc.RawInline("typst", sign:sub(1, -2) .. "\\" .. sign:sub(-1))
    if rest ~= "" then el.content:insert(2, pandoc.Str(rest)) end
  end
  return el
end

local function Image(el)
  if typst then
    local words = pandoc.utils.stringify(el.caption):gsub('[\\"]', "\\%0")
    return pandoc.RawInline("typst", '#picture("' .. el.src .. '", alt: "' .. words .. '")')
  end
  if docx then el.src = el.src:gsub("%.svg$", ".png") end
  return el
end

-- Columns as wide as what stands in them asks for, the same in every format.
local NARROWEST, SHORT, WIDEST = FORMAT == "pptx" and 14 or 9, 16, 36
local function Table(el)
  local wide = {}
  local function weigh(rows)
    for _, row in ipairs(rows) do
      for place, cell in ipairs(row.cells) do
        local words = pandoc.utils.stringify(cell.contents)
        local long = 0
        for word in words:gmatch("%S+") do long = math.max(long, utf8.len(word) or #word) end
        local whole = utf8.len(words) or #words
        local weight = math.max(long, math.min(WIDEST, whole / 2), math.min(SHORT, whole))
        if cell.classes:includes("blank") then weight = 22 end
        wide[place] = math.max(wide[place] or NARROWEST, weight)
      end
    end
  end
  weigh(el.head.rows)
  for _, body in ipairs(el.bodies) do weigh(body.body) end
  local whole = 0
  for _, weight in ipairs(wide) do whole = whole + weight end
  for place, spec in ipairs(el.colspecs) do
    el.colspecs[place] = { pandoc.AlignLeft, (wide[place] or NARROWEST) / whole }
  end
  for _, body in ipairs(el.bodies) do
    for _, row in ipairs(body.body) do
      for _, cell in ipairs(row.cells) do
        if cell.classes:includes("blank") then
          if typst then cell.contents = { pandoc.RawBlock("typst", "#blank-cell") } end
          if docx then cell.contents = { pandoc.Para({ pandoc.RawInline("openxml", typed(8, "\u{a0}")) }) } end
        end
        cell.alignment = pandoc.AlignLeft
      end
    end
  end
  return el
end

local function Header(el)
  el.level = math.max(1, el.level + shift)
  return el
end

return {
  { RawBlock = function(el)
      if el.format == "html" then return pandoc.read(el.text, "html").blocks end
    end },
  { Header = Header, Image = Image },
  { Span = Span },
  { Para = guarded, Plain = guarded },
  { Table = Table },
  { Div = Div },
}
