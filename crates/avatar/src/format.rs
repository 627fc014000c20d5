//! What a file really is, by its first bytes; names and content types are hearsay.

/// The formats that become photos.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Jpeg,
    Png,
    WebP,
    Gif,
}

impl Format {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
            Self::Gif => "GIF",
        }
    }
}

/// The photo format, or words for what the bytes are instead ("a PDF document").
pub(crate) fn sniff(bytes: &[u8]) -> Result<Format, &'static str> {
    let inner = bytes.get(8..12).unwrap_or_default();
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Ok(Format::Jpeg),
        _ if bytes.starts_with(b"\x89PNG\r\n\x1a\n") => Ok(Format::Png),
        _ if bytes.starts_with(b"RIFF") && inner == b"WEBP" => Ok(Format::WebP),
        _ if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") => Ok(Format::Gif),
        _ => Err(other(bytes, inner)),
    }
}

fn other(bytes: &[u8], inner: &[u8]) -> &'static str {
    if bytes.get(4..8) == Some(b"ftyp") {
        return match inner {
            b"heic" | b"heix" | b"mif1" | b"hevc" => "a HEIC picture",
            b"avif" | b"avis" => "an AVIF picture",
            _ => "a video",
        };
    }
    match bytes {
        _ if bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*") => "a TIFF picture",
        _ if bytes.starts_with(b"BM") => "a BMP picture",
        _ if bytes.starts_with(b"%PDF") => "a PDF document",
        _ if bytes.starts_with(b"PK\x03\x04") => "a ZIP archive",
        _ => match text_start(bytes) {
            Some(text) if text.starts_with("<svg") || text.starts_with("<?xml") => "an SVG or XML document",
            Some(text) if text.starts_with("<!doctype html") || text.starts_with("<html") => "a web page",
            Some(_) => "text",
            None => "of an unknown kind",
        },
    }
}

/// The first characters in lower case, if the file begins like text.
fn text_start(bytes: &[u8]) -> Option<String> {
    let start = &bytes[..bytes.len().min(64)];
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        // A character cut at the end of the window is no sign of a binary file.
        Err(error) if error.error_len().is_none() => std::str::from_utf8(&start[..error.valid_up_to()]).ok()?,
        Err(_) => return None,
    };
    let is_text = text.chars().all(|character| !character.is_control() || character.is_whitespace());
    is_text.then(|| text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']).to_lowercase())
}

/// Walks the segments of a JPEG (ITU-T T.81, annex B) and says whether its end marker is there.
pub(crate) fn jpeg_has_an_end(bytes: &[u8]) -> bool {
    const END_OF_IMAGE: u8 = 0xd9;
    let mut at = 2;
    while at + 1 < bytes.len() {
        if bytes[at] != 0xff {
            // Between scans this is stray data, inside of one it is the picture itself; both are passed over.
            at += 1;
            continue;
        }
        match bytes[at + 1] {
            END_OF_IMAGE => return true,
            // A fill byte: the marker may begin with the next one.
            0xff => at += 1,
            // A stuffed zero, restart markers and the like stand alone.
            0x00 | 0x01 | 0xd0..=0xd8 => at += 2,
            _ => {
                let Some(&[high, low]) = bytes.get(at + 2..at + 4) else {
                    return false;
                };
                at += 2 + usize::from(u16::from_be_bytes([high, low]));
            }
        }
    }
    false
}
