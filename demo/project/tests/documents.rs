//! Whole pages in, whole trees out.

use wikitree::{Block, Span, parse_document};

fn text(text: &str) -> Span {
    Span::Text(text.to_owned())
}

#[test]
fn an_empty_page_has_no_blocks() {
    assert!(parse_document("\n \n").blocks.is_empty());
}

#[test]
fn blocks_know_their_lines() {
    let lines: Vec<usize> = parse_document("# Tea\n\nGreen\nor black.\n---\n- hot\n\n> iced\n")
        .blocks
        .iter()
        .map(|block| match block {
            Block::Heading { line, .. }
            | Block::Paragraph { line, .. }
            | Block::List { line, .. }
            | Block::Quote { line, .. }
            | Block::Code { line, .. }
            | Block::Rule { line } => *line,
        })
        .collect();
    assert_eq!(lines, [1, 3, 5, 6, 8]);
}

#[test]
fn a_paragraph_folds_its_line_breaks() {
    let page = parse_document("Green\nor black.");
    assert_eq!(page.blocks, [Block::Paragraph { line: 1, spans: vec![text("Green or black.")] }]);
}

#[test]
fn a_list_item_goes_on_when_indented() {
    let page = parse_document("1. boil\n   water\n2. pour");
    let items = vec![vec![text("boil water")], vec![text("pour")]];
    assert_eq!(page.blocks, [Block::List { line: 1, ordered: true, items }]);
}

#[test]
fn a_quotation_holds_blocks() {
    let page = parse_document("> # Tea\n> hot\n");
    let heading = Block::Heading { line: 1, level: 1, spans: vec![text("Tea")] };
    let paragraph = Block::Paragraph { line: 2, spans: vec![text("hot")] };
    assert_eq!(page.blocks, [Block::Quote { line: 1, blocks: vec![heading, paragraph] }]);
}

#[test]
fn a_code_block_is_taken_as_it_stands() {
    let page = parse_document("```rust\n*a* &amp;\n\n```\n");
    let block = Block::Code { line: 1, language: "rust".to_owned(), text: "*a* &amp;\n\n".to_owned() };
    assert_eq!(page.blocks, [block]);
}

#[test]
fn a_link_may_stand_before_its_definition() {
    let page = parse_document("See [the pot][Tea  Pot].\n\n[tea pot]: https://example.org/a\\_b\n");
    let link = Span::Link { spans: vec![text("the pot")], address: "https://example.org/a_b".to_owned() };
    assert_eq!(page.blocks, [Block::Paragraph { line: 1, spans: vec![text("See "), link, text(".")] }]);
}

#[test]
fn footnotes_are_parsed_and_numbered() {
    let page = parse_document("Tea[^b] time[^a].\n\n[^a]: At *five*.\n[^b]: Hot.\n");
    assert_eq!(page.text(), "Tea[2] time[1].\n");
    assert_eq!(page.footnotes[0].spans, [text("At "), Span::Emphasis(vec![text("five")]), text(".")]);
    assert_eq!(page.footnotes[1].label, "b");
}

#[test]
fn entities_and_escapes_are_resolved_in_text() {
    assert_eq!(parse_document("Salt &amp; *pepper* \\*not\\* &lt;b&gt;").text(), "Salt & pepper *not* <b>\n");
}

#[test]
fn marks_without_partners_stay_text() {
    let page = "a * b ** c [ d ] ( e ) ` f";
    assert_eq!(parse_document(page).text(), format!("{page}\n"));
}

#[test]
fn any_text_is_a_page() {
    let pieces =
        ["*", "**", "[", "]", "(", ")", "`", "\\", "&#1;", "> ", "- ", "\n", "é", "[^a]: ", "[a]: b\n"];
    let mut state = 7_usize;
    for length in 0..400 {
        let mut page = String::new();
        for _ in 0..length % 40 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            page.push_str(pieces[(state >> 33) % pieces.len()]);
        }
        // No piece is lost in an endless loop or a panic, and no text comes from nowhere.
        assert!(parse_document(&page).text().len() <= 4 * page.len() + 1, "{page:?}");
    }
}

#[test]
fn deep_nesting_is_survived() {
    parse_document(&">".repeat(20_000));
    parse_document(&"[*".repeat(20_000));
}
