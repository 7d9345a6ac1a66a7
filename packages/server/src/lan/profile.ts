/** The certificate authority in the form that iPhones, iPads and Macs install: a configuration profile. */
import type { X509Certificate } from 'node:crypto'

export const profileType = 'application/x-apple-aspen-config'

/** @param name - what people read on the device; the same authority gives the same profile, so a second one replaces it */
export function appleProfile(authority: X509Certificate, name: string): string {
  const digits = authority.fingerprint256.replaceAll(':', '').toLowerCase()
  const id = `qsec.authority.${digits.slice(0, 16)}`
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>PayloadCertificateFileName</key><string>qsec-ca.cer</string>
      <key>PayloadContent</key><data>${authority.raw.toString('base64')}</data>
      <key>PayloadDisplayName</key><string>${escapeXml(name)}</string>
      <key>PayloadIdentifier</key><string>${id}.certificate</string>
      <key>PayloadType</key><string>com.apple.security.root</string>
      <key>PayloadUUID</key><string>${uuidOf(digits.slice(32))}</string>
      <key>PayloadVersion</key><integer>1</integer>
    </dict>
  </array>
  <key>PayloadDescription</key><string>Lets this device trust the QSEC server of your network. It vouches for names and addresses of a local network alone.</string>
  <key>PayloadDisplayName</key><string>${escapeXml(name)}</string>
  <key>PayloadIdentifier</key><string>${id}</string>
  <key>PayloadRemovalDisallowed</key><false/>
  <key>PayloadType</key><string>Configuration</string>
  <key>PayloadUUID</key><string>${uuidOf(digits)}</string>
  <key>PayloadVersion</key><integer>1</integer>
</dict>
</plist>
`
}

function uuidOf(digits: string): string {
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5').toUpperCase()
}

export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (one) => `&#${one.charCodeAt(0)};`)
}
