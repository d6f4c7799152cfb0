//! The definitions of a page: addresses of links and texts of footnotes, found by label.

/// Definitions in the order of the page; the first of a label wins.
#[derive(Debug, Default)]
pub struct References {
    links: Vec<Definition>,
    footnotes: Vec<Definition>,
}

#[derive(Debug)]
struct Definition {
    label: String,
    /// The address of a link, the text of a footnote.
    value: String,
}

impl References {
    pub fn define_link(&mut self, label: &str, address: String) {
        define(&mut self.links, label, address);
    }

    pub fn define_footnote(&mut self, label: &str, text: String) {
        define(&mut self.footnotes, label, text);
    }

    /// The address a link's label stands for.
    pub fn link(&self, label: &str) -> Option<&str> {
        position(&self.links, label).map(|at| self.links[at].value.as_str())
    }

    /// The number of a footnote, counted from 1.
    pub fn footnote(&self, label: &str) -> Option<usize> {
        position(&self.footnotes, label).map(|at| at + 1)
    }

    /// Label and text of each footnote.
    pub fn footnotes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.footnotes.iter().map(|definition| (definition.label.as_str(), definition.value.as_str()))
    }
}

fn define(definitions: &mut Vec<Definition>, label: &str, value: String) {
    if position(definitions, label).is_none() {
        definitions.push(Definition { label: label.to_owned(), value });
    }
}

fn position(definitions: &[Definition], label: &str) -> Option<usize> {
    for (at, definition) in definitions.iter().enumerate() {
        if same_label(&definition.label, label) {
            return Some(at);
        }
    }
    None
}

/// Whether two labels are the same but for case and the amount of white space.
fn same_label(left: &str, right: &str) -> bool {
    let mut left = left.split_ascii_whitespace();
    let mut right = right.split_ascii_whitespace();
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some(left), Some(right)) if left.eq_ignore_ascii_case(right) => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_ignore_case_and_spacing() {
        let mut references = References::default();
        references.define_link("Green  Tea", "a".to_owned());
        assert_eq!(references.link("green tea"), Some("a"));
        assert_eq!(references.link("greentea"), None);
    }

    #[test]
    fn the_first_definition_wins() {
        let mut references = References::default();
        references.define_link("tea", "first".to_owned());
        references.define_link("TEA", "second".to_owned());
        assert_eq!(references.link("tea"), Some("first"));
    }

    #[test]
    fn footnotes_are_numbered_in_the_order_of_their_definitions() {
        let mut references = References::default();
        references.define_footnote("b", "second letter".to_owned());
        references.define_footnote("a", "first letter".to_owned());
        references.define_footnote("B", "again".to_owned());
        assert_eq!((references.footnote("b"), references.footnote("a")), (Some(1), Some(2)));
        assert_eq!(references.footnotes().count(), 2);
    }

    #[test]
    fn links_and_footnotes_have_labels_of_their_own() {
        let mut references = References::default();
        references.define_link("tea", "address".to_owned());
        assert_eq!(references.footnote("tea"), None);
    }
}
