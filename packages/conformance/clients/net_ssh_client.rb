# An ssh-like command on Net::SSH: HOST PORT USER KEY KNOWN_HOSTS SIZE [COMMAND], where SIZE is none or 80x24.
require 'net/ssh'

if ARGV[0] == '--version'
  puts Net::SSH::Version::STRING
  exit
end

host, port, user, key_file, known_hosts, size, command = ARGV
options = {
  port: port.to_i,
  keys: [key_file],
  keys_only: true,
  use_agent: false,
  auth_methods: ['publickey'],
  config: false,
  non_interactive: true,
  verify_host_key: :always,
  user_known_hosts_file: known_hosts,
  global_known_hosts_file: '/dev/null'
}
$stdin.binmode
[$stdout, $stderr].each do |output|
  output.binmode
  output.sync = true
end
status = 255

# Sends input as it comes, and its end; what the window does not take yet waits in the channel.
def forward_input(ssh, channel)
  ssh.listen_to($stdin) do
    begin
      channel.send_data($stdin.read_nonblock(65_536))
    rescue IO::WaitReadable
      next
    rescue EOFError
      ssh.stop_listening_to($stdin)
      channel.eof!
    end
  end
end

Net::SSH.start(host, user, options) do |ssh|
  channel = ssh.open_channel do |opened|
    opened.on_data { |_, data| $stdout.write(data) }
    opened.on_extended_data { |_, _, data| $stderr.write(data) }
    opened.on_request('exit-status') { |_, data| status = data.read_long }
    opened.on_request('exit-signal') { |_, data| warn "died of #{data.read_string}" }
    opened.on_close { ssh.stop_listening_to($stdin) }
    if size != 'none'
      columns, rows = size.split('x').map(&:to_i)
      opened.request_pty(term: ENV.fetch('TERM', 'vt100'), chars_wide: columns, chars_high: rows)
    end
    started = proc do |_, success|
      abort 'the server refused to start the program' unless success
      forward_input(ssh, opened)
    end
    command ? opened.exec(command, &started) : opened.send_channel_request('shell', &started)
  end
  channel.wait
end
exit status
