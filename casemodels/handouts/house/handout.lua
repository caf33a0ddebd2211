-- The looks of the kit's handouts: every class that means something on paper (pages/paper.py names
-- them) is drawn as each format draws it. press.lua sets FORMAT, SHIFT where headings move up,
-- and CONTENTS, the title of the contents, where Word gets some.

local typst, docx = FORMAT == "typst", FORMAT == "docx"
local web = FORMAT:match("^html") or FORMAT:match("^epub")

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
local BLOCKS = { choices = "choices", question = "question", key = "key", card = "card", secret = "secret", small = "small-block", keep = "keep" }
local STYLES = { question = "Question", choices = "Choice", key = "Key Part", secret = "Secret", small = "Small" }

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

-- The mark that a list of choices has in Typst; it is taken from its lines.
local function marked(blocks)
  local mark = "none"
  for _, block in ipairs(blocks) do
    for _, item in ipairs(block.t == "BulletList" and block.content or {}) do
      local words = item[1] and item[1].content
      local found = words and words[1] and words[1].t == "RawInline" and words[1].text:match("^#(%a+%-mark);$")
      if found then
        mark = found
        words:remove(1)
        if words[1] and words[1].t == "Space" then words:remove(1) end
        item[1].content = words
      end
    end
  end
  return mark
end

-- In Word the lines of a list in the key belong to it.
local function in_key(blocks)
  local function in_style(list)
    for place, item in ipairs(list.content) do
      list.content[place] = { pandoc.Div(item:walk({ Plain = function(plain) return pandoc.Para(plain.content) end }), { ["custom-style"] = "Key Part" }) }
    end
    return list
  end
  return blocks:walk({ BulletList = in_style, OrderedList = in_style })
end

-- In Word a mark to tick stands where the bullet would.
local function unlisted(blocks)
  return blocks:walk({ BulletList = function(list)
    local paragraphs = pandoc.Blocks({})
    for _, item in ipairs(list.content) do
      for _, block in ipairs(item) do
        paragraphs:insert(block.t == "Plain" and pandoc.Para(block.content) or block)
      end
    end
    return paragraphs
  end })
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
  if typst and class == "choices" then name = "choices(" .. marked(el.content) .. ")" end
  if typst then return name and around(name, el.content, pandoc.RawBlock) or el.content end
  if docx and class == "card" then return framed(el.content) end
  if docx and class == "key" then el.content = in_key(el.content) end
  if docx and class == "choices" then el.content = unlisted(el.content) end
  if docx and class and STYLES[class] then el.attributes["custom-style"] = STYLES[class] end
  return el
end

-- Typst takes no sign for an order and no two for one: dashes, quotes and dots stay as they were written.
local function guarded(inlines)
  local changed = false
  for place, one in ipairs(inlines) do
    if one.t == "Str" then
      local words = one.text
      if words:find("[%p\xE2]") then -- U+2013 and its neighbours begin with E2
        inlines[place], changed = pandoc.RawInline("typst", (words:gsub("%p", "\\%0"))), true
      end
    end
  end
  if changed then return inlines end
end

-- A picture inside the page, which is handed on as one file.
local function within(file)
  local kind, drawn = pandoc.mediabag.fetch(file)
  return pandoc.mediabag.make_data_uri(kind, drawn)
end

local function Image(el)
  if typst then
    local words = pandoc.utils.stringify(el.caption):gsub('[\\"]', "\\%0")
    return pandoc.RawInline("typst", '#picture("' .. el.src .. '", alt: "' .. words .. '")')
  end
  if docx then el.src = el.src:gsub("%.svg$", ".png") end
  if FORMAT:match("^html") then el.src = within(el.src) end
  return el
end

-- Columns as wide as what stands in them asks for, the same in every format.
local NARROWEST, SHORT, WIDEST = FORMAT == "pptx" and 14 or 9, 16, 36
local function Table(el)
  local wide = {}
  local function weigh(rows, wider, most)
    for _, row in ipairs(rows) do
      for place, cell in ipairs(row.cells) do
        local words = pandoc.utils.stringify(cell.contents)
        local long = 0
        for word in words:gmatch("%S+") do long = math.max(long, (utf8.len(word) or #word) * wider) end
        local whole = utf8.len(words) or #words
        local weight = math.max(long, math.min(most, whole / 2), math.min(SHORT, whole))
        if cell.classes:includes("blank") then weight = 22 end
        wide[place] = math.max(wide[place] or NARROWEST, weight)
      end
    end
  end
  weigh(el.head.rows, 1.2, 12) -- bold; a head may take several lines
  for _, body in ipairs(el.bodies) do weigh(body.body, 1, WIDEST) end
  if docx then
    for _, row in ipairs(el.head.rows) do
      for _, cell in ipairs(row.cells) do
        cell.contents = cell.contents:walk({ Plain = function(plain) return pandoc.Plain({ pandoc.Strong(plain.content) }) end })
      end
    end
  end
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
  if FORMAT:match("^html") then -- on a narrow screen the table moves in its own frame, by keyboard too
    local label = pandoc.utils.stringify(el.caption.long)
    local named = { { "tabindex", "0" } } -- pairs: what is named by keys comes in another order each time
    if label ~= "" then named = { { "role", "region" }, { "tabindex", "0" }, { "aria-label", label } } end
    return pandoc.Div({ el }, pandoc.Attr("", { "scroll" }, named))
  end
  return el
end

local function Header(el)
  el.level = math.max(1, el.level + SHIFT)
  return el
end

local SIGNS = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" }

-- Contents in Word: pandoc leaves them to be filled in by Word, which asks first, and other programs do
-- not. So they are there at once, without page numbers: those come when somebody updates the field.
local function contents(doc)
  local function run(inside) return "<w:r>" .. inside .. "</w:r>" end
  local function paragraph(style, inside) return '<w:p><w:pPr><w:pStyle w:val="' .. style .. '"/></w:pPr>' .. inside .. "</w:p>" end
  local function words(said) return run('<w:t xml:space="preserve">' .. said:gsub("[&<>]", SIGNS) .. "</w:t>") end
  local lines = {}
  doc:walk({ Header = function(heading)
    if heading.level <= 2 then
      local link = '<w:hyperlink w:anchor="' .. heading.identifier .. '" w:history="1">' .. words(pandoc.utils.stringify(heading)) .. "</w:hyperlink>"
      lines[#lines + 1] = { "TOC" .. heading.level, link }
    end
  end })
  if CONTENTS == "" or #lines == 0 then return nil end
  local function mark(kind) return run('<w:fldChar w:fldCharType="' .. kind .. '"/>') end
  lines[1][2] = mark("begin") .. run('<w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z </w:instrText>') .. mark("separate") .. lines[1][2]
  lines[#lines][2] = lines[#lines][2] .. mark("end")
  local whole = paragraph("TOCHeading", words(CONTENTS))
  for _, line in ipairs(lines) do whole = whole .. paragraph(line[1], line[2]) end
  doc.blocks:insert(1, pandoc.RawBlock("openxml",
    '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent>'
    .. whole .. "</w:sdtContent></w:sdt>"))
  return doc
end

return {
  { Header = Header, Image = Image, Span = Span, Table = Table, Div = Div },
  docx and { Pandoc = contents } or {},
  typst and { Inlines = guarded } or {}, -- once all that looks at words has seen them
}
